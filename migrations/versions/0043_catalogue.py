"""what the public is shown of a skill: host, photo, sponsors

Revision ID: 0043
Revises: 0054
Create Date: 2026-11-28 15:35:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0043'
down_revision = '0052'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('skill_profile',
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_skill_profile_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_skill_profile_skill_id')),
    sa.PrimaryKeyConstraint('skill_id', name=op.f('pk_skill_profile'))
    )


def downgrade():
    op.drop_table('skill_profile')
