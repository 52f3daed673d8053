"""the judge register, declarations, panels, recusals, overrides

Revision ID: 0052
Revises: 0054
Create Date: 2026-11-28 13:59:35.167734

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0052'
down_revision = '0054'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('conflict_override',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('judge_id', sa.Integer(), nullable=False),
    sa.Column('tie', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('since', sa.Integer(), nullable=False),
    sa.Column('until', sa.Integer(), nullable=True),
    sa.Column('by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_conflict_override_by')),
    sa.ForeignKeyConstraint(['ended_by'], ['account.id'], name=op.f('fk_conflict_override_ended_by')),
    sa.ForeignKeyConstraint(['judge_id'], ['account.id'], name=op.f('fk_conflict_override_judge_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_conflict_override_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict_override'))
    )
    with op.batch_alter_table('conflict_override', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_override_judge_id'), ['judge_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_override_skill_id'), ['skill_id'], unique=False)

    op.create_table('judge_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('before_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['uploaded_by'], ['account.id'], name=op.f('fk_judge_batch_uploaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_judge_batch'))
    )
    op.create_table('panel_seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('sheet', sa.String(length=20), nullable=False),
    sa.Column('judge_id', sa.Integer(), nullable=False),
    sa.Column('chair', sa.Integer(), nullable=False),
    sa.Column('since', sa.Integer(), nullable=False),
    sa.Column('until', sa.Integer(), nullable=True),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('appointed_by', sa.Integer(), nullable=False),
    sa.Column('appointed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['appointed_by'], ['account.id'], name=op.f('fk_panel_seat_appointed_by')),
    sa.ForeignKeyConstraint(['ended_by'], ['account.id'], name=op.f('fk_panel_seat_ended_by')),
    sa.ForeignKeyConstraint(['judge_id'], ['account.id'], name=op.f('fk_panel_seat_judge_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_panel_seat_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_seat'))
    )
    with op.batch_alter_table('panel_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_seat_judge_id'), ['judge_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_panel_seat_skill_id'), ['skill_id'], unique=False)

    op.create_table('judge_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('delegation_id', sa.Integer(), nullable=True),
    sa.Column('level', sa.String(length=10), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('trained_on', sa.Date(), nullable=True),
    sa.Column('training', sa.String(length=200), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['judge_batch.id'], name=op.f('fk_judge_record_batch_id')),
    sa.ForeignKeyConstraint(['delegation_id'], ['delegation.id'], name=op.f('fk_judge_record_delegation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_judge_record_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_judge_record')),
    sa.UniqueConstraint('person_id', name=op.f('uq_judge_record_person_id'))
    )
    with op.batch_alter_table('judge_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_judge_record_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_judge_record_delegation_id'), ['delegation_id'], unique=False)

    op.create_table('declaration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('tie', sa.String(length=12), nullable=False),
    sa.Column('told_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('name_hash', sa.String(length=64), nullable=True),
    sa.Column('place_hash', sa.String(length=64), nullable=True),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('affiliation_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_by', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_why', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_declaration_account_id')),
    sa.ForeignKeyConstraint(['affiliation_id'], ['affiliation.id'], name=op.f('fk_declaration_affiliation_id')),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_declaration_by')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_declaration_entry_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_declaration_person_id')),
    sa.ForeignKeyConstraint(['settled_by'], ['account.id'], name=op.f('fk_declaration_settled_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_declaration_skill_id')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['account.id'], name=op.f('fk_declaration_withdrawn_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_declaration')),
    sa.UniqueConstraint('key', name=op.f('uq_declaration_key'))
    )
    with op.batch_alter_table('declaration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_declaration_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_declaration_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_declaration_skill_id'), ['skill_id'], unique=False)

    op.create_table('recusal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=True),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('judge_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('ties', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('from_start', sa.Boolean(), nullable=False),
    sa.Column('since', sa.Integer(), nullable=False),
    sa.Column('until', sa.Integer(), nullable=True),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_recusal_by')),
    sa.ForeignKeyConstraint(['ended_by'], ['account.id'], name=op.f('fk_recusal_ended_by')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_recusal_entry_id')),
    sa.ForeignKeyConstraint(['judge_id'], ['account.id'], name=op.f('fk_recusal_judge_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_recusal_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusal')),
    sa.UniqueConstraint('key', name=op.f('uq_recusal_key'))
    )
    with op.batch_alter_table('recusal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recusal_judge_id'), ['judge_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recusal_skill_id'), ['skill_id'], unique=False)



def downgrade():
    with op.batch_alter_table('recusal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recusal_skill_id'))
        batch_op.drop_index(batch_op.f('ix_recusal_judge_id'))

    op.drop_table('recusal')
    with op.batch_alter_table('declaration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_declaration_skill_id'))
        batch_op.drop_index(batch_op.f('ix_declaration_person_id'))
        batch_op.drop_index(batch_op.f('ix_declaration_account_id'))

    op.drop_table('declaration')
    with op.batch_alter_table('judge_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_judge_record_delegation_id'))
        batch_op.drop_index(batch_op.f('ix_judge_record_batch_id'))

    op.drop_table('judge_record')
    with op.batch_alter_table('panel_seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_panel_seat_skill_id'))
        batch_op.drop_index(batch_op.f('ix_panel_seat_judge_id'))

    op.drop_table('panel_seat')
    op.drop_table('judge_batch')
    with op.batch_alter_table('conflict_override', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conflict_override_skill_id'))
        batch_op.drop_index(batch_op.f('ix_conflict_override_judge_id'))

    op.drop_table('conflict_override')
