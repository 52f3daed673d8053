"""terms of release: delay, top places, sums by criterion, aliases; changes of them, by hand or by time

Revision ID: 0061
Revises: 0031
Create Date: 2026-11-28 14:10:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0061'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.add_column(sa.Column('release_delay', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('release_top', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('release_parts', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('release_aliases', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.alter_column('release_delay', server_default=None)
        batch_op.alter_column('release_parts', server_default=None)
        batch_op.alter_column('release_aliases', server_default=None)
    op.create_table('release_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_release_change_asked_by')),
    sa.ForeignKeyConstraint(['dropped_by'], ['account.id'], name=op.f('fk_release_change_dropped_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_release_change_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_change')),
    sa.UniqueConstraint('key', 'skill_id', name=op.f('uq_release_change_key_skill_id'))
    )
    with op.batch_alter_table('release_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_change_skill_id'), ['skill_id'], unique=False)


def downgrade():
    with op.batch_alter_table('release_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_change_skill_id'))
    op.drop_table('release_change')
    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.drop_column('release_aliases')
        batch_op.drop_column('release_parts')
        batch_op.drop_column('release_top')
        batch_op.drop_column('release_delay')
