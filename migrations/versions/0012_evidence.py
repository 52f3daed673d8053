"""papers: sealed in files, removed with a row that says by whom; retention; erasing a person

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-28 11:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('evidence_file', sa.Column(
        'media_type', sa.String(length=40), server_default='', nullable=False))
    op.add_column('evidence_file', sa.Column('kept_as', sa.String(length=40), nullable=True))
    # Written out: batch mode would copy and drop the table, which SQLite refuses with data in it.
    op.execute('ALTER TABLE evidence_file ADD COLUMN removed_by INTEGER'
               ' CONSTRAINT fk_evidence_file_removed_by REFERENCES account (id)')
    op.add_column('evidence_file', sa.Column(
        'removed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('evidence_file', sa.Column(
        'removed_why', sa.String(length=200), server_default='', nullable=False))
    op.add_column('competition', sa.Column(
        'keeps_days', sa.Integer(), server_default='180', nullable=False))
    op.create_table('erasure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_granted', sa.Boolean(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_erasure_answered_by')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_erasure_asked_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_erasure_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure'))
    )
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_person_id'), ['person_id'], unique=False)


def downgrade():
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erasure_person_id'))
    op.drop_table('erasure')
    op.drop_column('competition', 'keeps_days')
    for column in ('removed_why', 'removed_at', 'removed_by', 'kept_as', 'media_type'):
        with op.batch_alter_table('evidence_file') as batch_op:
            batch_op.drop_column(column)
