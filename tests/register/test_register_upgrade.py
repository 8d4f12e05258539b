"""A database of the release before comes over with all that it holds, or stays as it was."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from filled_register import elsewhere, fill

from countries import example
from registers import Database
from samenspel.errors import InputError
from samenspel.register import (
    backup,
    checking,
    editing,
    guards,
    history,
    migrated,
    reading,
    upgrading,
)
from samenspel.register import writing as register_writing
from samenspel.register.models import AuditEntry, Change, Job
from samenspel.register.writing import Conflict, Reason

FIRST_RELEASE = Path(__file__).parent / "data" / "first-release.zip"
LATER = '''
from django.db import migrations, models


def fill(apps, _editor):
    """Every row of a fact table and every draft is written again."""
    apps.get_model("register", "Municipalities").objects.update(later="x")
    apps.get_model("register", "Draft").objects.update(title="%TITLE%")
    apps.get_model("register", "Change").objects.filter(number=2).update(why="later")
    %FAIL%


class Migration(migrations.Migration):
    dependencies = [("register", "%LAST%")]
    operations = [
        migrations.AddField("municipalities", "later", models.TextField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("municipalities", "later", models.TextField(default="y")),
        migrations.AlterField("draft", "title", models.CharField(max_length=300)),
    ]
'''


class Release:
    """A release to come, with one migration more than this one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.last = sorted(
            path.stem for path in Path(guards.__file__).parent.joinpath("migrations").glob("0*.py")
        )[-1]

    def says(self, title: str = "later", fail: str = "") -> None:
        """What its migration does."""
        text = LATER.replace("%LAST%", self.last).replace("%TITLE%", title).replace("%FAIL%", fail)
        (self.folder / "9999_later.py").write_text(text, encoding="utf-8")
        for name in [name for name in sys.modules if name.startswith("release_to_come")]:
            del sys.modules[name]


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """The code of a release to come, inside the test."""
    folder = tmp_path / "release_to_come"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from samenspel.register import migrations\n__path__ = [*migrations.__path__, *__path__]\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Release(folder)
    made.says()
    with override_settings(MIGRATION_MODULES={"register": "release_to_come"}):
        yield made
    for name in [name for name in sys.modules if name.startswith("release_to_come")]:
        del sys.modules[name]


def column(query: str) -> set[object]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {value for (value,) in cursor.fetchall()}


def guarded() -> bool:
    """Whether an older picture is refused, and a row is not written again."""
    seen = history.current("partnerships", [example().table("partnerships")["id"][0]])[0]
    register_writing.write(editing.correct(seen, {"name": "na"}), Reason("edit", "verder"))
    with pytest.raises(Conflict):
        register_writing.write(editing.correct(seen, {"name": "nog"}), Reason("edit", "verder"))
    return checking.check() == []


def test_nothing_is_done_to_a_database_of_this_release(database: Database, tmp_path: Path) -> None:
    assert database
    fill()
    assert upgrading.upgrade(tmp_path) is None
    assert not list(tmp_path.glob("*.zip"))
    upgrading.require_current()
    guards.remove(connection)
    assert checking.check() != []
    assert upgrading.upgrade(tmp_path) is None  # but what guards it is made anew
    assert checking.check() == []


def test_a_database_of_the_release_before_comes_over(
    database: Database, tmp_path: Path, release: Release
) -> None:
    fill()
    before = reading.landscape(example().date)
    with pytest.raises(InputError, match="earlier version"):
        upgrading.require_current()
    done = upgrading.upgrade(tmp_path)
    assert done is not None
    assert done.migrations == (("register", "9999_later"),)
    assert column("SELECT DISTINCT later FROM fact_municipalities") == {"x"}
    assert column("SELECT title FROM register_draft") == {"later"}
    assert column("SELECT why FROM register_change WHERE number = 2") == {"later"}
    assert AuditEntry.objects.filter(what="upgraded").count() == 1
    assert checking.check() == []
    assert upgrading.upgrade(tmp_path) is None

    assert done.backup is not None
    assert done.backup.parent == tmp_path
    assert release.last in done.backup.name
    assert done.backup.stat().st_mode & 0o777 == 0o600
    with backup.archive.opened(done.backup) as kept:
        assert ("register", "9999_later") not in kept.manifest.migrations
        assert kept.manifest.change == 6
    assert reading.landscape(example().date).equals(before)
    if database.kind == "sqlite":  # references are looked at again
        assert column("PRAGMA foreign_keys") == {1}


def test_a_backup_of_the_release_before_is_restored(
    database: Database, template: object, tmp_path: Path, release: Release
) -> None:
    fill()
    made = backup.back_up(tmp_path / "old.zip")  # of the database as it is: not upgraded
    assert ("register", release.last) in made.migrations
    with elsewhere(database.kind, template, tmp_path / "other", database):  # type: ignore[arg-type]
        backup.restore(tmp_path / "old.zip")
        assert column("SELECT title FROM register_draft") == {"later"}
        assert upgrading.upgrade(tmp_path) is None
        assert checking.check() == []
        made = backup.back_up(tmp_path / "new.zip")
    with elsewhere(database.kind, template, tmp_path / "third", database):  # type: ignore[arg-type]
        assert upgrading.upgrade(tmp_path) is not None  # empty, of the later release
        backup.restore(tmp_path / "old.zip")  # its tables are made as they were, and upgraded
        assert column("SELECT title FROM register_draft") == {"later"}
    with elsewhere(database.kind, template, tmp_path / "fourth", database):  # type: ignore[arg-type]
        told = backup.restore(tmp_path / "new.zip")
        assert told == made
        assert column("SELECT DISTINCT later FROM fact_municipalities") == {"x"}
        assert checking.check() == []


@pytest.mark.parametrize(
    ("fail", "said"),
    [
        ("raise RuntimeError('it broke')", "as it was .it broke."),
        ("apps.get_model('register', 'Account').objects.create(email='fee@voorbeeld.invalid')",
         "the database refuses it"),
        ("apps.get_model('register', 'Change').objects.filter(number=3).update(sealed=False)",
         "not sound after it: 1 faults, the first: register_change 3"),
    ],
)  # fmt: skip
def test_a_failing_upgrade_leaves_everything_as_it_was(
    database: Database, tmp_path: Path, release: Release, fail: str, said: str
) -> None:
    fill()
    before = backup.back_up(tmp_path / "before.zip")
    release.says(fail=fail)
    with pytest.raises(InputError, match=said) as error:
        upgrading.upgrade(tmp_path)
    (kept,) = tmp_path.glob("before-upgrade-*.zip")
    assert str(kept) in str(error.value)
    assert "\n" not in str(error.value)
    assert not connection.in_atomic_block
    assert backup.back_up(tmp_path / "after.zip").tables == before.tables
    assert migrated.applied(connection) == list(before.migrations)
    with override_settings(MIGRATION_MODULES={}):  # the release before works on
        assert guarded()
    if database.kind == "sqlite":
        assert column("PRAGMA foreign_keys") == {1}
    release.says()
    done = upgrading.upgrade(tmp_path)
    assert done is not None
    assert checking.check() == []


def test_where_no_backup_can_be_made_nothing_is_upgraded(
    database: Database, tmp_path: Path, release: Release
) -> None:
    assert database
    assert release
    fill()
    with pytest.raises(InputError, match="there is no folder"):
        upgrading.upgrade(tmp_path / "nowhere")
    assert migrated.pending(connection) == [("register", "9999_later")]


@pytest.mark.usefixtures("database", "release")
def test_an_empty_database_is_upgraded_without_a_backup(tmp_path: Path) -> None:
    done = upgrading.upgrade(tmp_path)
    assert done is not None
    assert done.backup is None
    assert not list(tmp_path.glob("*.zip"))
    assert checking.check() == []


@pytest.mark.usefixtures("database")
def test_a_database_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    fill()
    MigrationRecorder(connection).record_applied("register", "9999_later")
    for act in (
        lambda: upgrading.upgrade(tmp_path),
        upgrading.require_current,
        lambda: backup.back_up(tmp_path / "b.zip"),
    ):
        with pytest.raises(InputError, match="newer version of Samenspel"):
            act()
    assert not list(tmp_path.glob("*.zip"))
    assert Change.objects.count() == 6


@pytest.mark.usefixtures("database")
def test_the_database_of_the_first_release(tmp_path: Path) -> None:
    """It was kept when the first release was made; every release reads it."""
    told = backup.restore(FIRST_RELEASE)
    assert upgrading.upgrade(tmp_path) is None
    assert checking.check() == []
    assert (told.change, reading.last_change()) == (6, 6)
    assert reading.landscape(example().date, change=1).equals(example())
    assert Job.objects.count() == 3
    assert guarded()
