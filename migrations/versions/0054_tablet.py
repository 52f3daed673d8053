"""tablets of the hall; open sheets, calls for help, notes and photos

Revision ID: 0054
Revises: 0053a
Create Date: 2026-11-28 14:01:36

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('hall_tablet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('paired_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['paired_by'], ['account.id'], name=op.f('fk_hall_tablet_paired_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_hall_tablet_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hall_tablet')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_hall_tablet_token_hash'))
    )
    with op.batch_alter_table('hall_tablet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hall_tablet_skill_id'), ['skill_id'], unique=False)

    op.create_table('pairing_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_pairing_code_made_by')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_pairing_code_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pairing_code')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_pairing_code_code_hash'))
    )
    with op.batch_alter_table('pairing_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pairing_code_skill_id'), ['skill_id'], unique=False)

    op.create_table('help_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('tablet_id', sa.Integer(), nullable=True),
    sa.Column('device_id', sa.Integer(), nullable=True),
    sa.Column('judge_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('device_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_help_call_device_id')),
    sa.ForeignKeyConstraint(['done_by'], ['account.id'], name=op.f('fk_help_call_done_by')),
    sa.ForeignKeyConstraint(['judge_id'], ['account.id'], name=op.f('fk_help_call_judge_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_help_call_skill_id')),
    sa.ForeignKeyConstraint(['tablet_id'], ['hall_tablet.id'], name=op.f('fk_help_call_tablet_id')),
    sa.ForeignKeyConstraint(['taken_by'], ['account.id'], name=op.f('fk_help_call_taken_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_help_call')),
    sa.UniqueConstraint('key', name=op.f('uq_help_call_key'))
    )
    with op.batch_alter_table('help_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_help_call_skill_id'), ['skill_id'], unique=False)

    op.create_table('opened_sheet',
    sa.Column('device_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('sub_criterion_id', sa.Integer(), nullable=False),
    sa.Column('watching', sa.Boolean(), nullable=False),
    sa.Column('taken_by', sa.Integer(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_opened_sheet_device_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_opened_sheet_entry_id')),
    sa.ForeignKeyConstraint(['sub_criterion_id'], ['sub_criterion.id'], name=op.f('fk_opened_sheet_sub_criterion_id')),
    sa.ForeignKeyConstraint(['taken_by'], ['account.id'], name=op.f('fk_opened_sheet_taken_by')),
    sa.PrimaryKeyConstraint('device_id', name=op.f('pk_opened_sheet'))
    )
    with op.batch_alter_table('opened_sheet', schema=None) as batch_op:
        batch_op.create_index('ix_opened_sheet_sheet', ['entry_id', 'sub_criterion_id'], unique=False)

    op.create_table('remark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('aspect_id', sa.Integer(), nullable=True),
    sa.Column('judge_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('photo', sa.String(length=64), nullable=True),
    sa.Column('media_type', sa.String(length=20), nullable=True),
    sa.Column('takes_back', sa.Integer(), nullable=True),
    sa.Column('device_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('refusal', sa.JSON(), nullable=True),
    sa.Column('posted', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['aspect_id'], ['aspect.id'], name=op.f('fk_remark_aspect_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_remark_device_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_remark_entry_id')),
    sa.ForeignKeyConstraint(['judge_id'], ['account.id'], name=op.f('fk_remark_judge_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_remark_skill_id')),
    sa.ForeignKeyConstraint(['takes_back'], ['remark.id'], name=op.f('fk_remark_takes_back')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark')),
    sa.UniqueConstraint('key', name=op.f('uq_remark_key'))
    )
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.create_index('ix_remark_cell', ['entry_id', 'aspect_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_remark_photo'), ['photo'], unique=False)
        batch_op.create_index(batch_op.f('ix_remark_skill_id'), ['skill_id'], unique=False)

    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tablet_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('version', sa.String(length=40), nullable=False, server_default=''))
        batch_op.create_index(batch_op.f('ix_device_tablet_id'), ['tablet_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_device_tablet_id'), 'hall_tablet', ['tablet_id'], ['id'])



def downgrade():
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_device_tablet_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_device_tablet_id'))
        batch_op.drop_column('version')
        batch_op.drop_column('tablet_id')

    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_remark_skill_id'))
        batch_op.drop_index(batch_op.f('ix_remark_photo'))
        batch_op.drop_index('ix_remark_cell')

    op.drop_table('remark')
    with op.batch_alter_table('opened_sheet', schema=None) as batch_op:
        batch_op.drop_index('ix_opened_sheet_sheet')

    op.drop_table('opened_sheet')
    with op.batch_alter_table('help_call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_help_call_skill_id'))

    op.drop_table('help_call')
    with op.batch_alter_table('pairing_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pairing_code_skill_id'))

    op.drop_table('pairing_code')
    with op.batch_alter_table('hall_tablet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hall_tablet_skill_id'))

    op.drop_table('hall_tablet')
