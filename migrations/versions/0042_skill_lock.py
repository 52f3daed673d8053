"""locks on the entries of skills

Revision ID: 0042
Revises: 0031
Create Date: 2026-11-28 14:05:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('entry_lock',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_granted', sa.Boolean(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_entry_lock_answered_by')),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_entry_lock_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_lock'))
    )
    op.create_table('entry_lock_skill',
    sa.Column('lock_id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lock_id'], ['entry_lock.id'], name=op.f('fk_entry_lock_skill_lock_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_entry_lock_skill_skill_id')),
    sa.PrimaryKeyConstraint('lock_id', 'skill_id', name=op.f('pk_entry_lock_skill'))
    )
    with op.batch_alter_table('entry_lock_skill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entry_lock_skill_skill_id'), ['skill_id'], unique=False)


def downgrade():
    with op.batch_alter_table('entry_lock_skill', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entry_lock_skill_skill_id'))
    op.drop_table('entry_lock_skill')
    op.drop_table('entry_lock')
