"""aspects: whether their checks give parts of the mark

Until now every aspect with a check took any mark up to its maximum; now only those whose checks
were seen to give or take a part.

Revision ID: 0070
Revises: 0069
Create Date: 2026-11-30 02:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0070'
down_revision = '0069'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('aspect', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('in_parts', sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("""
        UPDATE aspect SET in_parts = TRUE
        WHERE is_automatic AND EXISTS (
            SELECT 1 FROM check_row
            JOIN evaluation ON evaluation.id = check_row.evaluation_id
            JOIN submission ON submission.id = evaluation.submission_id
            JOIN period ON period.id = submission.period_id
            JOIN scheme ON scheme.skill_id = period.skill_id
            WHERE scheme.id = aspect.scheme_id
              AND check_row.aspect = aspect.code
              AND check_row.rule <> 'required'
              AND check_row.points > 0 AND check_row.points < aspect.max
        )
    """)


def downgrade():
    op.drop_column('aspect', 'in_parts')
