"""questions about marks that a later hand-in asks

Revision ID: 0068
Revises: 0067
Create Date: 2026-11-30 01:55:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0068'
down_revision = '0067'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('mark_question', schema=None) as batch_op:
        batch_op.alter_column('rejudging_id', existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column('evaluation_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_mark_question_evaluation_id'), 'evaluation', ['evaluation_id'], ['id'])


def downgrade():
    with op.batch_alter_table('mark_question', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_mark_question_evaluation_id'), type_='foreignkey')
        batch_op.drop_column('evaluation_id')
        batch_op.alter_column('rejudging_id', existing_type=sa.Integer(), nullable=False)
