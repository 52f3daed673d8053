"""when the notes and photos of judges were removed, after they were kept long enough

Revision ID: 0065
Revises: 0064
Create Date: 2026-11-28 22:30:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0065'
down_revision = '0064'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('remark') as batch_op:
        batch_op.add_column(sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('remark') as batch_op:
        batch_op.drop_column('removed_at')
