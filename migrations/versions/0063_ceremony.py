"""ceremonies: what is chosen for one, its slides as prepared, the machines that may show it

Revision ID: 0063
Revises: 0043
Create Date: 2026-11-28 17:50:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0063'
down_revision = '0062'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('ceremony',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('name_zh', sa.String(length=100), nullable=False),
    sa.Column('name_en', sa.String(length=100), nullable=False),
    sa.Column('order', sa.String(length=10), nullable=False),
    sa.Column('measure', sa.String(length=10), nullable=False),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.Column('skills', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('project', sa.Integer(), nullable=False),
    sa.Column('slide', sa.Integer(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('cover', sa.String(length=10), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_ceremony_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ceremony')),
    sa.UniqueConstraint('key', name=op.f('uq_ceremony_key'))
    )
    op.create_table('ceremony_project',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ceremony_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('versions', sa.JSON(), nullable=False),
    sa.Column('slides', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['ceremony_id'], ['ceremony.id'], name=op.f('fk_ceremony_project_ceremony_id')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_ceremony_project_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ceremony_project')),
    sa.UniqueConstraint('ceremony_id', 'number', name=op.f('uq_ceremony_project_ceremony_id_number'))
    )
    with op.batch_alter_table('ceremony_project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ceremony_project_ceremony_id'), ['ceremony_id'], unique=False)
    op.create_table('stage_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ceremony_id', sa.Integer(), nullable=False),
    sa.Column('link_hash', sa.String(length=64), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['ceremony_id'], ['ceremony.id'], name=op.f('fk_stage_key_ceremony_id')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_stage_key_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_key')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_stage_key_key_hash')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_stage_key_link_hash'))
    )
    with op.batch_alter_table('stage_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stage_key_ceremony_id'), ['ceremony_id'], unique=False)


def downgrade():
    with op.batch_alter_table('stage_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stage_key_ceremony_id'))
    op.drop_table('stage_key')
    with op.batch_alter_table('ceremony_project', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ceremony_project_ceremony_id'))
    op.drop_table('ceremony_project')
    op.drop_table('ceremony')
