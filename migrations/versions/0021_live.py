"""public boards over all skills

Revision ID: 0021
Revises: 0012
Create Date: 2026-11-28 11:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0021'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'overall_board',
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('sequence', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('body', sa.JSON(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('kind', name=op.f('pk_overall_board')),
    )


def downgrade():
    op.drop_table('overall_board')
