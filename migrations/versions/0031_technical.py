"""technical files with their readings; the days of preparation

Revision ID: 0031
Revises: 0021
Create Date: 2026-11-28 12:15:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0031'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('technical_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('attached', sa.String(length=64), nullable=True),
    sa.Column('attached_size', sa.Integer(), nullable=False),
    sa.Column('publish_on', sa.Date(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_technical_file_made_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_technical_file_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_technical_file')),
    sa.UniqueConstraint('skill_id', 'version', name=op.f('uq_technical_file_skill_id_version'))
    )
    op.create_table('technical_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_technical_reading_account_id')),
    sa.ForeignKeyConstraint(['file_id'], ['technical_file.id'], name=op.f('fk_technical_reading_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_technical_reading')),
    sa.UniqueConstraint('file_id', 'account_id', name=op.f('uq_technical_reading_file_id_account_id'))
    )
    with op.batch_alter_table('technical_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_technical_reading_account_id'), ['account_id'], unique=False)
    op.create_table('milestone_day',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_milestone_day')),
    sa.UniqueConstraint('name', name=op.f('uq_milestone_day_name'))
    )


def downgrade():
    op.drop_table('milestone_day')
    with op.batch_alter_table('technical_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_technical_reading_account_id'))
    op.drop_table('technical_reading')
    op.drop_table('technical_file')
