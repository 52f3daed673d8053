"""people

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-27 21:25:00

"""
from pathlib import Path

from alembic import op
from flask import current_app
import sqlalchemy as sa

from competition import privacy


# revision identifiers, used by Alembic.
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('stage',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name_zh', sa.String(length=100), nullable=False),
    sa.Column('name_en', sa.String(length=100), nullable=False),
    sa.Column('takes_entries', sa.Boolean(), nullable=False),
    sa.Column('entries_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('substitutions_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage')),
    sa.UniqueConstraint('number', name=op.f('uq_stage_number'))
    )
    op.create_table('roster_heading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delegation_id', sa.Integer(), nullable=True),
    sa.Column('heading', sa.String(length=100), nullable=False),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['delegation_id'], ['delegation.id'], name=op.f('fk_roster_heading_delegation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_heading'))
    )
    with op.batch_alter_table('roster_heading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_heading_delegation_id'), ['delegation_id'], unique=False)

    op.create_table('roster_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delegation_id', sa.Integer(), nullable=True),
    sa.Column('stage_id', sa.Integer(), nullable=True),
    sa.Column('by_office', sa.Boolean(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('corrections_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('sentence_zh', sa.Text(), nullable=False),
    sa.Column('sentence_en', sa.Text(), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_by', sa.Integer(), nullable=True),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['delegation_id'], ['delegation.id'], name=op.f('fk_roster_batch_delegation_id')),
    sa.ForeignKeyConstraint(['imported_by'], ['account.id'], name=op.f('fk_roster_batch_imported_by')),
    sa.ForeignKeyConstraint(['stage_id'], ['stage.id'], name=op.f('fk_roster_batch_stage_id')),
    sa.ForeignKeyConstraint(['undone_by'], ['account.id'], name=op.f('fk_roster_batch_undone_by')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['account.id'], name=op.f('fk_roster_batch_uploaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_batch'))
    )
    with op.batch_alter_table('roster_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_batch_delegation_id'), ['delegation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_roster_batch_sha256'), ['sha256'], unique=False)

    op.create_table('skill_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_skill_rules_made_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_skill_rules_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skill_rules')),
    sa.UniqueConstraint('skill_id', 'version', name=op.f('uq_skill_rules_skill_id_version'))
    )
    op.create_table('change_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('delegation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('wanted_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_change_request_asked_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_change_request_decided_by')),
    sa.ForeignKeyConstraint(['delegation_id'], ['delegation.id'], name=op.f('fk_change_request_delegation_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_change_request_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_request'))
    )
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_change_request_delegation_id'), ['delegation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_change_request_entry_id'), ['entry_id'], unique=False)

    op.create_table('coach',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('affiliation_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['affiliation_id'], ['affiliation.id'], name=op.f('fk_coach_affiliation_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_coach_entry_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_coach_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coach'))
    )
    with op.batch_alter_table('coach', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coach_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coach_person_id'), ['person_id'], unique=False)

    op.create_table('eligibility_exception',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_granted', sa.Boolean(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_eligibility_exception_answered_by')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_eligibility_exception_asked_by')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_eligibility_exception_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_eligibility_exception'))
    )
    with op.batch_alter_table('eligibility_exception', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_eligibility_exception_entry_id'), ['entry_id'], unique=False)

    op.create_table('evidence_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_evidence_file_by')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_evidence_file_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_file'))
    )
    with op.batch_alter_table('evidence_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_file_entry_id'), ['entry_id'], unique=False)

    op.create_table('roster_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('warnings', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('before_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['roster_batch.id'], name=op.f('fk_roster_row_batch_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_roster_row_entry_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_roster_row_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_row')),
    sa.UniqueConstraint('batch_id', 'number', name=op.f('uq_roster_row_batch_id_number'))
    )
    with op.batch_alter_table('roster_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_row_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_roster_row_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stage_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('batch_id', sa.Integer(), nullable=True))
        # Whoever was entered before there were states takes part.
        batch_op.add_column(sa.Column('state', sa.String(length=12), nullable=False, server_default='approved'))
        batch_op.add_column(sa.Column('is_reserve', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('out_of_competition', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f('ix_entry_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_entry_stage_id'), ['stage_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_entry_batch_id'), 'roster_batch', ['batch_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_entry_stage_id'), 'stage', ['stage_id'], ['id'])
    with op.batch_alter_table('entry', schema=None) as batch_op:
        for column in ('state', 'is_reserve', 'out_of_competition'):
            batch_op.alter_column(column, server_default=None)
    _stages()

    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.add_column(sa.Column('status', sa.String(length=10), nullable=True))

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sex', sa.String(length=6), nullable=True))
        batch_op.add_column(sa.Column('id_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('id_hash', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('id_masked', sa.String(length=18), nullable=True))
        batch_op.add_column(sa.Column('phone_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('phone_masked', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    _seal()
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_person_id_number'), type_='unique')
        batch_op.create_index(batch_op.f('ix_person_affiliation_id'), ['affiliation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_name'), ['name'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_person_id_hash'), ['id_hash'])
        batch_op.drop_column('id_number')


def _stages():
    """A founded competition gets the two stages of a new one; its entries are those of the final."""
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT count(*) FROM competition")).scalar():
        table = sa.table(
            'stage',
            *(sa.column(name) for name in ('number', 'kind', 'name_zh', 'name_en', 'takes_entries')),
        )
        used = bool(bind.execute(sa.text("SELECT count(*) FROM entry")).scalar())
        op.bulk_insert(table, [
            {'number': 1, 'kind': 'selection', 'name_zh': '选拔赛', 'name_en': 'Selection', 'takes_entries': not used},
            {'number': 2, 'kind': 'final', 'name_zh': '省级决赛', 'name_en': 'Provincial final', 'takes_entries': used},
        ])
        op.execute("UPDATE entry SET stage_id = (SELECT id FROM stage WHERE number = 2)")


def _vault():
    """The app's key, made here where there is none: `privacy.vault` would ask a half-made table."""
    config = current_app.config
    return privacy.Vault(config['PODIUM_IDENTITY_KEY']
                         or privacy.key_in(Path(config['PODIUM_DATA']) / privacy.KEY_FILE))


PERSON = sa.table('person', *(sa.column(name) for name in (
    'id', 'id_number', 'id_sealed', 'id_hash', 'id_masked', 'sex')))


def _seal():
    """What stood in clear is sealed, and nothing of it stays in the pages of the file."""
    bind = op.get_bind()
    if bind.dialect.name == 'sqlite':
        bind.exec_driver_sql("PRAGMA secure_delete=ON")
    found = bind.execute(sa.select(PERSON.c.id, PERSON.c.id_number)
                         .where(PERSON.c.id_number.is_not(None))).all()
    if not found:
        return
    vault = _vault()
    for person_id, number in found:
        told = privacy.identity.says(number)
        bind.execute(sa.update(PERSON).where(PERSON.c.id == person_id).values(
            id_sealed=vault.seal(privacy.ID_NUMBER, number),
            id_hash=vault.keyed_hash(privacy.ID_NUMBER, number),
            id_masked=privacy.mask(number),
            sex=told.sex.value if told else None,
        ))


def _open():
    bind = op.get_bind()
    found = bind.execute(sa.select(PERSON.c.id, PERSON.c.id_sealed)
                         .where(PERSON.c.id_sealed.is_not(None))).all()
    vault = _vault() if found else None
    for person_id, sealed in found:
        bind.execute(sa.update(PERSON).where(PERSON.c.id == person_id)
                     .values(id_number=vault.open(privacy.ID_NUMBER, sealed)))


def downgrade():
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('id_number', sa.VARCHAR(length=18), nullable=True))
    _open()
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_person_id_hash'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_person_name'))
        batch_op.drop_index(batch_op.f('ix_person_affiliation_id'))
        batch_op.create_unique_constraint(batch_op.f('uq_person_id_number'), ['id_number'])
        batch_op.drop_column('erased_at')
        batch_op.drop_column('phone_masked')
        batch_op.drop_column('phone_sealed')
        batch_op.drop_column('id_masked')
        batch_op.drop_column('id_hash')
        batch_op.drop_column('id_sealed')
        batch_op.drop_column('sex')

    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.drop_column('status')

    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_entry_stage_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_entry_batch_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_entry_stage_id'))
        batch_op.drop_index(batch_op.f('ix_entry_batch_id'))
        batch_op.drop_column('out_of_competition')
        batch_op.drop_column('is_reserve')
        batch_op.drop_column('state')
        batch_op.drop_column('batch_id')
        batch_op.drop_column('stage_id')

    with op.batch_alter_table('roster_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_row_person_id'))
        batch_op.drop_index(batch_op.f('ix_roster_row_entry_id'))

    op.drop_table('roster_row')
    with op.batch_alter_table('evidence_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_file_entry_id'))

    op.drop_table('evidence_file')
    with op.batch_alter_table('eligibility_exception', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_eligibility_exception_entry_id'))

    op.drop_table('eligibility_exception')
    with op.batch_alter_table('coach', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coach_person_id'))
        batch_op.drop_index(batch_op.f('ix_coach_entry_id'))

    op.drop_table('coach')
    with op.batch_alter_table('change_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_change_request_entry_id'))
        batch_op.drop_index(batch_op.f('ix_change_request_delegation_id'))

    op.drop_table('change_request')
    op.drop_table('skill_rules')
    with op.batch_alter_table('roster_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_batch_sha256'))
        batch_op.drop_index(batch_op.f('ix_roster_batch_delegation_id'))

    op.drop_table('roster_batch')
    with op.batch_alter_table('roster_heading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_heading_delegation_id'))

    op.drop_table('roster_heading')
    op.drop_table('stage')
