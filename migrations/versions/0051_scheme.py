"""a scheme's draft keeps the one that it replaced

Revision ID: 0051
Revises: 0042
Create Date: 2026-11-28 14:10:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0051'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('scheme_draft', sa.Column('before', sa.JSON(), nullable=True))


def downgrade():
    with op.batch_alter_table('scheme_draft') as batch_op:
        batch_op.drop_column('before')
