"""the scheme: observed values, versions that carry marks over, drafts

Revision ID: 0005
Revises: 0009
Create Date: 2026-11-27 22:10:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0005'
down_revision = '0009'
branch_labels = None
depends_on = None

# Written out: Alembic's batch mode would copy and drop tables that others refer to, and SQLite
# refuses that while there is data.
REFERENCES = (
    ('aspect', 'root_id', 'aspect'),
    ('sub_criterion', 'root_id', 'sub_criterion'),
    ('scheme', 'adopted_by', 'account'),
)


def upgrade():
    op.add_column('observation', sa.Column('observed', sa.String(length=40), nullable=True))
    for table, column, target in REFERENCES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER"
                   f" CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)")
    op.add_column('scheme', sa.Column('changes', sa.JSON(), nullable=True))
    op.create_table('scheme_draft',
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('based_on', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['account.id'], name=op.f('fk_scheme_draft_changed_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_scheme_draft_skill_id')),
    sa.PrimaryKeyConstraint('skill_id', name=op.f('pk_scheme_draft'))
    )


def downgrade():
    op.drop_table('scheme_draft')
    op.drop_column('scheme', 'changes')
    for table, column, _target in REFERENCES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
    op.drop_column('observation', 'observed')
