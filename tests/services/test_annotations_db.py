"""Annotations are there again as they were saved, whatever ends the program, and a damaged file is never dropped."""

from __future__ import annotations

import dataclasses
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from annotation_factory import CORONAL, HASH, IN_MM, IN_PX, NOON, SLAB, examples, lengths, make
from annotation_writer import State, state_after
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from synthetic_head import make_series

from ichviewer.domain.annotation.history import Change, Step
from ichviewer.domain.annotation.kinds import Length, TextNote
from ichviewer.domain.annotation.place import DrawnOn, OnSlice
from ichviewer.domain.series import SeriesKey
from ichviewer.errors import ExportError, ReadError
from ichviewer.services import annotations_file
from ichviewer.services.annotations_db import AnnotationsDb
from ichviewer.services.annotations_file import MIGRATIONS, REFORMAT_STEP, default_path

WRITER = Path(__file__).parents[1] / "annotation_writer.py"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "annotations.sqlite3"


def saved(path: Path) -> State:
    with AnnotationsDb(path) as db:
        assert db.set_aside is None
        return {a.id: a for a in db.all()}


def fill(path: Path, n: int = 40) -> State:
    state = state_after(7, n)
    with AnnotationsDb(path) as db:
        db.apply(Step(tuple(Change(None, a) for a in state.values())))
    return state


class TestSaving:
    @pytest.mark.parametrize("drawn_on", [IN_MM, IN_PX, CORONAL, SLAB], ids=["mm", "px", "reformat", "slab"])
    def test_every_kind_is_there_again(self, path, drawn_on):
        drawn = examples(drawn_on)
        with AnnotationsDb(path) as db:
            for annotation in drawn:
                db.add(annotation)
        assert saved(path) == {a.id: a for a in drawn}

    def test_adding_changing_and_deleting(self, path):
        one = make(Length, [(0, 0), (3, 4)])
        moved = one.with_points([(0, 0, 0), (6, 8, 0)], NOON + timedelta(seconds=1))
        with AnnotationsDb(path) as db:
            db.add(one)
            assert db.find(one.id) == one
            db.change(one, moved)
            assert db.find(one.id) == moved
            db.delete(moved)
            assert db.find(one.id) is None
            assert db.all() == ()

    def test_a_step_is_saved_whole_or_not_at_all(self, path):
        one, two, other = (make(Length, [(0, 0), (3, n)]) for n in (1, 2, 3))
        with AnnotationsDb(path) as db:
            db.add(one)
            with pytest.raises(ExportError, match="another program"):
                db.apply(Step((Change(None, two), Change(one, None), Change(other, None))))
            assert db.all() == (one,)

    def test_oldest_first(self, path):
        drawn = [
            make(Length, [(0, 0), (3, 4)], created=NOON + timedelta(seconds=n), modified=NOON + timedelta(9))
            for n in (3, 1, 2)
        ]
        with AnnotationsDb(path) as db:
            for annotation in drawn:
                db.add(annotation)
            assert db.all() == (drawn[1], drawn[2], drawn[0])

    def test_lies_in_the_users_data_folder_for_the_users_eyes_only(self, monkeypatch, tmp_path):
        if not sys.platform.startswith("linux"):
            pytest.skip("folders of Linux")
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
        with AnnotationsDb() as db:
            assert db.path == default_path() == tmp_path / "share" / "ichviewer" / "annotations.sqlite3"
            assert stat.S_IMODE(db.path.stat().st_mode) == 0o600
            assert stat.S_IMODE(db.path.parent.stat().st_mode) == 0o700


class TestListing:
    def test_of_a_slice_and_its_frame(self, path):
        first, second = (
            make(Length, [(0, 0), (3, 4)], dataclasses.replace(IN_MM, place=OnSlice("1.2", frame)))
            for frame in (0, 1)
        )
        with AnnotationsDb(path) as db:
            db.add(first)
            db.add(second)
            assert db.of_slice(OnSlice("1.2", 1), HASH) == (second,)
            assert db.of_slice(OnSlice("1.2", 2), HASH) == ()

    def test_drawn_on_other_pixels_under_the_same_uid_is_listed_too(self, path):
        drawn = make(Length, [(0, 0), (3, 4)])
        with AnnotationsDb(path) as db:
            db.add(drawn)
            assert db.of_slice(OnSlice("1.2.0"), "cd" * 16) == (drawn,)

    def test_a_slice_without_a_uid_is_found_by_its_pixels(self, path):
        drawn = make(Length, [(0, 0), (3, 4)], dataclasses.replace(IN_MM, place=OnSlice("")))
        reformat = make(Length, [(0, 10, 0), (3, 10, 4)], CORONAL)
        with AnnotationsDb(path) as db:
            db.add(drawn)
            db.add(reformat)
            assert db.of_slice(OnSlice(""), HASH) == (drawn,)
            assert db.of_slice(OnSlice(""), "cd" * 16) == ()

    def test_of_a_series(self, path):
        # Slices have the UIDs 1.2.0, 1.2.1 ...; more of them than SQLite took in one question in former times.
        series = make_series(1100)
        series = dataclasses.replace(
            series,
            slices=tuple(dataclasses.replace(i, frame_of_reference_uid="1.9") for i in series.slices),
        )

        def on(uid: str, frame: int = 0, key: SeriesKey = series.key) -> Length:
            return make(Length, [(0, 0), (3, 4)], DrawnOn(OnSlice(uid, frame), key, HASH))

        # The UID names a slice whatever series it was in.
        mine = [on("1.2.0"), on("1.2.1099"), on("1.2.5", key=SeriesKey("9", "9")), on("", 3)]
        mine.append(make(Length, [(0, 10, 0), (3, 10, 4)], CORONAL))
        place = dataclasses.replace(CORONAL.place, frame_of_reference_uid="1.8")
        others = [
            on("1.3.0"),
            on("1.2.0", 1),
            on("", 0, SeriesKey("9", "9")),
            make(Length, [(0, 10, 0), (3, 10, 4)], dataclasses.replace(CORONAL, series=SeriesKey("9", "9"))),
            make(Length, [(0, 10, 0), (3, 10, 4)], dataclasses.replace(CORONAL, place=place)),
        ]
        with AnnotationsDb(path) as db:
            for annotation in [*mine, *others]:
                db.add(annotation)
            assert {a.id for a in db.of_series(series)} == {a.id for a in mine}

    def test_uids_that_are_no_text_do_not_harm(self, path):
        odd = "1.2\udcff' OR 1=1 --"
        drawn = make(Length, [(0, 0), (3, 4)], DrawnOn(OnSlice(odd), SeriesKey(odd, odd), odd), id=odd)
        with AnnotationsDb(path) as db:
            db.add(drawn)
            assert db.of_slice(OnSlice(odd), HASH) == (drawn,)
            assert db.of_slice(OnSlice("1.2\\udcff' OR 1=1 --"), HASH) == ()
            assert db.find(odd) == drawn


class TestTwoPrograms:
    def test_see_what_the_other_saves(self, path):
        one = make(Length, [(0, 0), (3, 4)])
        with AnnotationsDb(path) as mine, AnnotationsDb(path) as theirs:
            mine.add(one)
            assert theirs.all() == (one,)

    def test_neither_overwrites_what_the_other_changed(self, path):
        one = make(Length, [(0, 0), (3, 4)])
        with AnnotationsDb(path) as mine, AnnotationsDb(path) as theirs:
            mine.add(one)
            changed = dataclasses.replace(one, label="theirs", modified=NOON + timedelta(seconds=1))
            theirs.change(one, changed)
            for wish in (
                lambda: mine.change(one, dataclasses.replace(one, label="mine")),
                lambda: mine.delete(one),
                lambda: mine.add(one),
            ):
                with pytest.raises(ExportError, match="in the meantime"):
                    wish()
            assert mine.all() == (changed,)

    @pytest.mark.skipif(sys.platform == "win32", reason="locks of a file end with another call there")
    def test_a_program_that_never_ends_opening_it_is_waited_for_no_longer_than_told(self, path):
        import fcntl

        fill(path)
        with path.with_name(f"{path.stem}.lock").open("rb+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            start = time.monotonic()
            with pytest.raises(
                ReadError, match="another program has been opening the annotations for too long"
            ):
                AnnotationsDb(path, wait_s=0.1)
            assert 0.1 <= time.monotonic() - start < 5
        with AnnotationsDb(path, wait_s=0.1) as db:
            assert len(db.all()) == len(state_after(7, 40))

    @pytest.mark.skipif(sys.platform == "win32", reason="as above")
    def test_a_program_that_ends_opening_it_in_time_is_waited_for(self, path):
        import fcntl

        fill(path)
        opened = threading.Event()

        def open_it() -> None:
            with AnnotationsDb(path, wait_s=10):
                opened.set()

        other = threading.Thread(target=open_it)
        with path.with_name(f"{path.stem}.lock").open("rb+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            other.start()
            assert not opened.wait(0.2)
        other.join(10)
        assert opened.is_set()

    def test_a_file_that_stays_busy_is_said(self, path):
        fill(path)
        blocker = sqlite3.connect(path, isolation_level=None)
        with AnnotationsDb(path, wait_s=0.05) as db:
            blocker.execute("BEGIN IMMEDIATE")
            with pytest.raises(ExportError, match="another program is writing annotations"):
                db.add(make(Length, [(0, 0), (3, 4)]))
            blocker.execute("ROLLBACK")
            blocker.execute("BEGIN EXCLUSIVE")
            with pytest.raises(ReadError, match="another program is writing annotations"):
                db.all()
            with pytest.raises(ReadError, match="another program is writing annotations"):
                AnnotationsDb(path, wait_s=0.05)
        blocker.close()
        assert len(saved(path)) == len(state_after(7, 40))

    @pytest.mark.alone  # each waits 5 s at most for the other
    def test_writing_at_once_lose_nothing(self, path):
        # They also make the file at once.
        done = {}
        writers = {
            seed: subprocess.Popen(
                [sys.executable, str(WRITER), str(path), str(seed), "0"],
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
            for seed in (1, 2)
        }
        for seed, writer in writers.items():
            while done.get(seed, 0) < 25:
                done[seed] = int(writer.stdout.readline())
        for seed, writer in writers.items():
            writer.kill()
            rest = writer.communicate()[0].split()
            done[seed] = int(rest[-1]) if rest else done[seed]
        found = saved(path)
        for seed, n in done.items():
            mine = {k: a for k, a in found.items() if k.startswith(f"{seed}-")}
            assert mine in (state_after(seed, n), state_after(seed, n + 1))


def test_a_program_killed_at_any_moment_loses_at_most_the_step_under_way(path):
    rng, seed, n = random.Random(5), 3, 0
    for _ in range(10):
        writer = subprocess.Popen(
            [sys.executable, str(WRITER), str(path), str(seed), str(n)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        told = [writer.stdout.readline()]
        time.sleep(rng.uniform(0, 0.15))
        writer.kill()
        told += writer.communicate()[0].splitlines(keepends=True)
        n = int([line for line in told if line.endswith("\n")][-1])
        found = saved(path)
        expected = [state_after(seed, n), state_after(seed, n + 1)]
        assert found in expected
        n += expected.index(found)
    assert n > 20


class TestRefusals:
    @pytest.fixture
    def pragma(self, monkeypatch):
        """Makes the next connections refuse as SQLite does when told so by a pragma."""

        def install(sql: str) -> None:
            real = sqlite3.connect

            def connect(*args, **kwargs):
                connection = real(*args, **kwargs)
                connection.execute(sql)
                return connection

            monkeypatch.setattr(annotations_file.sqlite3, "connect", connect)

        return install

    def test_a_full_disk_loses_the_new_annotation_only_and_says_so(self, path, pragma, monkeypatch):
        state = fill(path)
        pragma("PRAGMA max_page_count=1")
        long = make(TextNote, [(0, 0)], label="x" * 100_000)
        with AnnotationsDb(path) as db:
            with pytest.raises(ExportError, match="the disk is full") as caught:
                db.add(long)
            assert str(path) in str(caught.value)
            assert {a.id: a for a in db.all()} == state
        monkeypatch.undo()
        assert saved(path) == state

    def test_a_read_only_file_can_be_read_and_says_why_it_cannot_be_written(self, path, pragma):
        state = fill(path)
        pragma("PRAGMA query_only=ON")
        with AnnotationsDb(path) as db:
            assert {a.id: a for a in db.all()} == state
            with pytest.raises(ExportError, match="read-only"):
                db.add(make(Length, [(0, 0), (3, 4)]))

    def test_a_folder_that_cannot_be_made_is_said(self, tmp_path):
        (tmp_path / "file").write_text("x")
        with pytest.raises(ReadError, match="cannot be opened"):
            AnnotationsDb(tmp_path / "file" / "annotations.sqlite3")
        with pytest.raises(ReadError, match="cannot be opened"):
            AnnotationsDb(tmp_path)

    @pytest.mark.parametrize("how", ["deleted", "replaced"])
    def test_nothing_is_saved_into_a_file_that_is_no_longer_there(self, path, how):
        fill(path)
        with AnnotationsDb(path) as db:
            path.rename(path.with_name("elsewhere"))
            if how == "replaced":
                with AnnotationsDb(path):
                    pass
            with pytest.raises(ExportError, match="replaced or deleted"):
                db.add(make(Length, [(0, 0), (3, 4)]))


KNOWN = len(MIGRATIONS)


class TestVersions:
    LATER = (*MIGRATIONS, ("ALTER TABLE annotation ADD COLUMN weight INTEGER NOT NULL DEFAULT 7",))

    def test_a_file_of_an_older_version_is_brought_up_to_date_with_all_it_holds(self, path):
        state = fill(path)
        with AnnotationsDb(path, migrations=self.LATER) as db:
            assert {a.id: a for a in db.all()} == state
        connection = sqlite3.connect(path)
        assert connection.execute("SELECT DISTINCT weight FROM annotation").fetchall() == [(7,)]
        connection.close()

    def test_a_file_of_before_slabs_is_read_and_takes_them(self, path):
        before_slabs = MIGRATIONS[: MIGRATIONS.index(REFORMAT_STEP)]
        old = [*examples(IN_MM), *examples(CORONAL)]
        with AnnotationsDb(path, migrations=before_slabs) as db:
            for annotation in old:
                db.add(annotation)
        new = make(Length, [(0, 10, 0), (3, 10, 4)], SLAB)
        with AnnotationsDb(path) as db:
            assert {a.id: a for a in db.all()} == {a.id: a for a in old}
            db.add(new)
            assert db.find(new.id) == new
        with pytest.raises(ReadError, match="newer version"):
            AnnotationsDb(path, migrations=before_slabs)

    def test_a_step_that_fails_leaves_the_old_version(self, path):
        state = fill(path)
        broken = (
            *MIGRATIONS,
            ("ALTER TABLE annotation ADD COLUMN weight", "ALTER TABLE nothing ADD COLUMN x"),
        )
        with pytest.raises(ExportError, match="cannot be used"):
            AnnotationsDb(path, migrations=broken)
        assert saved(path) == state

    def test_a_file_of_a_newer_version_is_left_alone(self, path):
        state = fill(path)
        with AnnotationsDb(path, migrations=self.LATER):
            pass
        before = path.read_bytes()
        with pytest.raises(
            ReadError, match=rf"newer version .* schema {KNOWN + 1}, this program knows {KNOWN}"
        ):
            AnnotationsDb(path)
        assert path.read_bytes() == before
        with AnnotationsDb(path, migrations=self.LATER) as db:
            assert {a.id: a for a in db.all()} == state


class TestDamage:
    def test_no_database_at_all_is_set_aside_unchanged(self, path):
        path.parent.mkdir()
        path.write_bytes(b"this is not a database" * 100)
        with AnnotationsDb(path) as db:
            found = db.set_aside
            assert found.path.read_bytes() == b"this is not a database" * 100
            assert found.recovered == 0
            assert str(found.path) in found.text
            assert db.damaged_files == (found.path,)
            db.add(make(Length, [(0, 0), (3, 4)]))
        with AnnotationsDb(path) as db:
            assert db.set_aside is None
            # It is not forgotten at the next start.
            assert db.damaged_files == (found.path,)
            assert len(db.all()) == 1

    def test_the_database_of_another_program_is_set_aside_unchanged(self, path):
        path.parent.mkdir()
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE mine (x)")
        connection.close()
        before = path.read_bytes()
        with AnnotationsDb(path) as db:
            assert "not a file of annotations" in db.set_aside.found
            assert db.set_aside.path.read_bytes() == before

    def test_every_damaged_file_gets_a_name_of_its_own(self, path):
        for n in range(1, 4):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"no database %d" % n * 200)
            with AnnotationsDb(path) as db:
                assert len(db.damaged_files) == n

    def test_what_a_damaged_file_still_holds_is_kept(self, path):
        state = fill(path)
        victim = sorted(state)[3]
        connection = sqlite3.connect(path)
        connection.execute(
            "UPDATE annotation SET record = replace(record, '0.0', '9.0') WHERE id = ?", [victim]
        )
        connection.commit()
        connection.close()
        with AnnotationsDb(path) as db:
            assert db.set_aside.found == "1 annotations are not what was saved"
            assert db.set_aside.recovered == len(state) - 1
            assert {a.id: a for a in db.all()} == {k: a for k, a in state.items() if k != victim}

    def test_a_record_that_changes_while_the_file_is_open_is_not_shown(self, path):
        one = make(Length, [(0, 0), (3, 4)])
        with AnnotationsDb(path) as db:
            db.add(one)
            other = sqlite3.connect(path)
            other.execute("UPDATE annotation SET record = replace(record, '4.0', '5.0')")
            other.commit()
            other.close()
            with pytest.raises(ReadError, match="not what was saved"):
                db.all()

    def test_a_file_cut_short_is_set_aside(self, path):
        fill(path)
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
        with AnnotationsDb(path) as db:
            assert db.set_aside.path.read_bytes() == data[: len(data) // 2]
            assert {a.id for a in db.all()} <= set(state_after(7, 40))

    @pytest.mark.parametrize("seed", range(40))
    def test_bytes_changed_anywhere_never_lose_or_change_anything_in_silence(self, path, seed):
        state = fill(path, 12)
        data, rng = bytearray(path.read_bytes()), random.Random(seed)
        # One of four in the header, where it does most.
        for _ in range(rng.choice([1, 8, 64])):
            data[rng.randrange(100 if seed % 4 == 0 else len(data))] = rng.randrange(256)
        path.write_bytes(data)
        try:
            with AnnotationsDb(path) as db:
                found, set_aside = {a.id: a for a in db.all()}, db.set_aside
        except ReadError as error:
            assert str(path) in str(error)
            assert path.read_bytes() == data
            return
        if set_aside is None:
            assert found == state
        else:
            assert set_aside.recovered == len(found)
            assert found.items() <= state.items()
            assert set_aside.path.read_bytes() == data


class AnnotationMachine(RuleBasedStateMachine):
    """File against plain lists of states and steps."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.db = AnnotationsDb(self.folder / "annotations.sqlite3")
        self.steps: list[Step] = []
        self.states: list[State] = [{}]
        self.now = 0

    def teardown(self) -> None:
        self.db.close()
        shutil.rmtree(self.folder)

    @property
    def model(self) -> State:
        return self.states[self.now]

    def do(self, step: Step, state: State) -> None:
        self.db.apply(step)
        self.steps = [*self.steps[: self.now], step]
        self.states = [*self.states[: self.now + 1], state]
        self.now += 1

    @rule(annotation=lengths)
    def add(self, annotation) -> None:
        self.do(Step.add(annotation), {**self.model, annotation.id: annotation})

    @precondition(lambda self: self.model)
    @rule(data=st.data(), by=st.floats(-50, 50))
    def move(self, data, by) -> None:
        old = self.model[data.draw(st.sampled_from(sorted(self.model)))]
        points = [tuple(v + by for v in p) for p in old.points]
        new = old.with_points(points, old.modified + timedelta(seconds=1))
        self.do(Step.change(old, new), {**self.model, old.id: new})

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def delete(self, data) -> None:
        some = data.draw(st.lists(st.sampled_from(sorted(self.model)), min_size=1, max_size=3, unique=True))
        left = {k: a for k, a in self.model.items() if k not in some}
        self.do(Step.delete(*(self.model[k] for k in some)), left)

    @rule()
    def undo(self) -> None:
        if self.now:
            self.now -= 1
            self.db.apply(self.steps[self.now].inverse)

    @rule()
    def redo(self) -> None:
        if self.now < len(self.steps):
            self.db.apply(self.steps[self.now])
            self.now += 1

    @rule()
    def reopen(self) -> None:
        self.db.close()
        self.db = AnnotationsDb(self.folder / "annotations.sqlite3")
        assert self.db.set_aside is None

    @invariant()
    def the_file_holds_what_the_model_holds(self) -> None:
        assert {a.id: a for a in self.db.all()} == self.model
        for annotation in self.model.values():
            assert annotation in self.db.of_slice(annotation.drawn_on.place, HASH)


TestAnyOrder = AnnotationMachine.TestCase
TestAnyOrder.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
