"""rejudging

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-23 19:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('rejudging',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('wanted', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_rejudging_asked_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_rejudging_decided_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_rejudging_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rejudging')),
    sa.UniqueConstraint('key', name=op.f('uq_rejudging_key'))
    )
    op.create_index(op.f('ix_rejudging_skill_id'), 'rejudging', ['skill_id'], unique=False)
    op.create_table('mark_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('rejudging_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('aspect_id', sa.Integer(), nullable=False),
    sa.Column('mark', sa.Integer(), nullable=False),
    sa.Column('before', sa.Integer(), nullable=True),
    sa.Column('after', sa.Integer(), nullable=True),
    sa.Column('is_confirmed', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_mark_question_answered_by')),
    sa.ForeignKeyConstraint(['aspect_id'], ['aspect.id'], name=op.f('fk_mark_question_aspect_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_mark_question_entry_id')),
    sa.ForeignKeyConstraint(['rejudging_id'], ['rejudging.id'], name=op.f('fk_mark_question_rejudging_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_mark_question_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mark_question')),
    sa.UniqueConstraint('rejudging_id', 'entry_id', 'aspect_id', name=op.f('uq_mark_question_rejudging_id_entry_id_aspect_id'))
    )
    op.create_index(op.f('ix_mark_question_skill_id'), 'mark_question', ['skill_id'], unique=False)
    # Written out: Alembic's batch mode would copy and drop `evaluation`, which check_row and
    # observation refer to, and SQLite refuses that while there is data.
    op.execute("ALTER TABLE evaluation ADD COLUMN rejudging_id INTEGER"
               " CONSTRAINT fk_evaluation_rejudging_id REFERENCES rejudging (id)")
    op.add_column('evaluation', sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_evaluation_rejudging_id'), 'evaluation', ['rejudging_id'], unique=False)


def downgrade():
    op.drop_index(op.f('ix_evaluation_rejudging_id'), table_name='evaluation')
    op.drop_column('evaluation', 'applied_at')
    with op.batch_alter_table('evaluation') as batch_op:
        batch_op.drop_column('rejudging_id')
    op.drop_table('mark_question')
    op.drop_table('rejudging')
