"""bulk acts on entries, and what each changed

Revision ID: 0011
Revises: 0005
Create Date: 2026-11-28 11:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0011'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'bulk_act',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('by', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('undone_by', sa.Integer(), nullable=True),
        sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_bulk_act_by')),
        sa.ForeignKeyConstraint(['undone_by'], ['account.id'], name=op.f('fk_bulk_act_undone_by')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_act')),
    )
    op.create_table(
        'bulk_change',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('bulk_id', sa.Integer(), nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=False),
        sa.Column('before', sa.String(length=12), nullable=False),
        sa.Column('after', sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(['bulk_id'], ['bulk_act.id'], name=op.f('fk_bulk_change_bulk_id')),
        sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_bulk_change_entry_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_change')),
    )
    op.create_index(op.f('ix_bulk_change_bulk_id'), 'bulk_change', ['bulk_id'])
    op.create_index(op.f('ix_bulk_change_entry_id'), 'bulk_change', ['entry_id'])


def downgrade():
    op.drop_table('bulk_change')
    op.drop_table('bulk_act')
