"""big screens: playlists, screens, texts over all of them

Revision ID: 0062
Revises: 0043
Create Date: 2026-11-28 18:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0062'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('playlist',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('entries', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_playlist_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_playlist'))
    )
    op.create_table('screen',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=True),
    sa.Column('code_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('paired_by', sa.Integer(), nullable=True),
    sa.Column('paired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('theme', sa.String(length=8), nullable=False),
    sa.Column('playlist_id', sa.Integer(), nullable=True),
    sa.Column('entry', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('blank', sa.Boolean(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('showing', sa.JSON(), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['paired_by'], ['account.id'], name=op.f('fk_screen_paired_by')),
    sa.ForeignKeyConstraint(['playlist_id'], ['playlist.id'], name=op.f('fk_screen_playlist_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screen')),
    sa.UniqueConstraint('code', name=op.f('uq_screen_code')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_screen_token_hash'))
    )
    with op.batch_alter_table('screen', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_screen_playlist_id'), ['playlist_id'], unique=False)

    op.create_table('screen_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('text_zh', sa.String(length=400), nullable=False),
    sa.Column('text_en', sa.String(length=400), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_screen_message_by')),
    sa.ForeignKeyConstraint(['ended_by'], ['account.id'], name=op.f('fk_screen_message_ended_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screen_message')),
    sa.UniqueConstraint('key', name=op.f('uq_screen_message_key'))
    )


def downgrade():
    op.drop_table('screen_message')
    with op.batch_alter_table('screen', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_screen_playlist_id'))

    op.drop_table('screen')
    op.drop_table('playlist')
