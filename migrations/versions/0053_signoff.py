"""signatures, locks of sub-criteria, reopenings, re-checks, versions of results

Revision ID: 0053
Revises: 0053a
Create Date: 2026-11-28 14:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0053'
down_revision = '0053a'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('recheck',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.Column('limit', sa.Integer(), nullable=False),
    sa.Column('drawn_by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('everything_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['drawn_by'], ['account.id'], name=op.f('fk_recheck_drawn_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_recheck_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck')),
    sa.UniqueConstraint('skill_id', name=op.f('uq_recheck_skill_id'))
    )
    op.create_table('result_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_result_version_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_version')),
    sa.UniqueConstraint('skill_id', 'version', name=op.f('uq_result_version_skill_id_version'))
    )
    with op.batch_alter_table('result_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_result_version_skill_id'), ['skill_id'], unique=False)

    op.create_table('reopening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=10), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('subs', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('agreed_by', sa.Integer(), nullable=True),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('after', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['agreed_by'], ['account.id'], name=op.f('fk_reopening_agreed_by')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_reopening_asked_by')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_reopening_entry_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_reopening_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reopening')),
    sa.UniqueConstraint('key', name=op.f('uq_reopening_key'))
    )
    with op.batch_alter_table('reopening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reopening_skill_id'), ['skill_id'], unique=False)

    op.create_table('recheck_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recheck_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('sub_criterion_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_recheck_sheet_entry_id')),
    sa.ForeignKeyConstraint(['recheck_id'], ['recheck.id'], name=op.f('fk_recheck_sheet_recheck_id')),
    sa.ForeignKeyConstraint(['sub_criterion_id'], ['sub_criterion.id'], name=op.f('fk_recheck_sheet_sub_criterion_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck_sheet')),
    sa.UniqueConstraint('recheck_id', 'entry_id', 'sub_criterion_id', name=op.f('uq_recheck_sheet_recheck_id_entry_id_sub_criterion_id'))
    )
    with op.batch_alter_table('recheck_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recheck_sheet_recheck_id'), ['recheck_id'], unique=False)

    op.create_table('sheet_lock',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('sub_criterion_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.String(length=20), nullable=True),
    sa.Column('locked_by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reopening_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['locked_by'], ['account.id'], name=op.f('fk_sheet_lock_locked_by')),
    sa.ForeignKeyConstraint(['reopening_id'], ['reopening.id'], name=op.f('fk_sheet_lock_reopening_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_sheet_lock_skill_id')),
    sa.ForeignKeyConstraint(['sub_criterion_id'], ['sub_criterion.id'], name=op.f('fk_sheet_lock_sub_criterion_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_lock'))
    )
    with op.batch_alter_table('sheet_lock', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_lock_skill_id'), ['skill_id'], unique=False)

    op.create_table('signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('sub_criterion_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reopening_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_signature_account_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_signature_entry_id')),
    sa.ForeignKeyConstraint(['reopening_id'], ['reopening.id'], name=op.f('fk_signature_reopening_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_signature_skill_id')),
    sa.ForeignKeyConstraint(['sub_criterion_id'], ['sub_criterion.id'], name=op.f('fk_signature_sub_criterion_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature'))
    )
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.create_index('ix_signature_sheet', ['entry_id', 'sub_criterion_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signature_skill_id'), ['skill_id'], unique=False)

    op.create_table('recheck_finding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('differs', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recheck_finding_account_id')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_recheck_finding_answered_by')),
    sa.ForeignKeyConstraint(['sheet_id'], ['recheck_sheet.id'], name=op.f('fk_recheck_finding_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck_finding')),
    sa.UniqueConstraint('key', name=op.f('uq_recheck_finding_key'))
    )
    with op.batch_alter_table('recheck_finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recheck_finding_sheet_id'), ['sheet_id'], unique=False)


def downgrade():
    with op.batch_alter_table('recheck_finding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recheck_finding_sheet_id'))

    op.drop_table('recheck_finding')
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signature_skill_id'))
        batch_op.drop_index('ix_signature_sheet')

    op.drop_table('signature')
    with op.batch_alter_table('sheet_lock', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_lock_skill_id'))

    op.drop_table('sheet_lock')
    with op.batch_alter_table('recheck_sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recheck_sheet_recheck_id'))

    op.drop_table('recheck_sheet')
    with op.batch_alter_table('reopening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reopening_skill_id'))

    op.drop_table('reopening')
    with op.batch_alter_table('result_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_result_version_skill_id'))

    op.drop_table('result_version')
    op.drop_table('recheck')
