"""Spoken numbers, times and places in right Russian and English; the shipped sounds; uploads that become prompts."""

import io
import math
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from teplo.channels.voice import prompts
from teplo.channels.voice.prompts import catalogue, convert, spoken
from teplo.domain.errors import Invalid, TooMany

Floats = npt.NDArray[np.float64]


def ru(words: list[str]) -> str:
    return catalogue.text(words, "ru")


def en(words: list[str]) -> str:
    return catalogue.text(words, "en")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "одна минута"), (2, "две минуты"), (4, "четыре минуты"), (5, "пять минут"), (11, "одиннадцать минут"),
        (12, "двенадцать минут"), (21, "двадцать одна минута"), (22, "двадцать две минуты"),
        (25, "двадцать пять минут"),
        (40, "сорок минут"), (100, "сто минут"), (101, "сто одна минута"), (111, "сто одиннадцать минут"),
        (122, "сто двадцать две минуты"), (0, "ноль минут"),
    ],
)  # fmt: skip
def test_minutes_agree_with_their_number(minutes: int, said: str) -> None:
    assert ru(spoken.counted(minutes, "minute", "ru")) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "одной минуты"), (2, "двух минут"), (3, "трёх минут"), (5, "пяти минут"), (11, "одиннадцати минут"),
        (21, "двадцати одной минуты"), (22, "двадцати двух минут"), (25, "двадцати пяти минут"),
        (101, "ста одной минуты"), (111, "ста одиннадцати минут"), (240, "двухсот сорока минут"),
    ],
)  # fmt: skip
def test_about_so_many_minutes_is_the_genitive(minutes: int, said: str) -> None:
    assert ru(spoken.counted(minutes, "minute", "ru", "gen")) == said


@pytest.mark.parametrize(
    ("hours", "said"), [(1, "один час"), (2, "два часа"), (5, "пять часов"), (21, "двадцать один час")]
)
def test_hours_are_masculine(hours: int, said: str) -> None:
    assert ru(spoken.counted(hours, "hour", "ru")) == said


@pytest.mark.parametrize(
    ("place", "neuter", "feminine", "masculine"),
    [
        (1, "первое", "первая", "первый"), (2, "второе", "вторая", "второй"), (3, "третье", "третья", "третий"),
        (5, "пятое", "пятая", "пятый"), (11, "одиннадцатое", "одиннадцатая", "одиннадцатый"),
        (21, "двадцать первое", "двадцать первая", "двадцать первый"), (40, "сороковое", "сороковая", "сороковой"),
        (100, "сотое", "сотая", "сотый"), (101, "сто первое", "сто первая", "сто первый"),
        (111, "сто одиннадцатое", "сто одиннадцатая", "сто одиннадцатый"),
        (230, "двести тридцатое", "двести тридцатая", "двести тридцатый"),
    ],
)  # fmt: skip
def test_only_the_last_word_of_an_ordinal_is_one(place: int, neuter: str, feminine: str, masculine: str) -> None:
    assert ru(spoken.place(place, "ru")) == f"Ваше место в очереди: {neuter}"
    assert ru(spoken.place(place, "ru", "f")) == f"Вы {feminine} в очереди"
    assert ru(spoken.place(place, "ru", "m")) == f"Вы {masculine} в очереди"


@pytest.mark.parametrize(
    ("low", "high", "said", "told"),
    [
        (0, 40, "меньше минуты", "less than a minute"),
        (150, 170, "около трёх минут", "about three minutes"),
        (61, 100, "около двух минут", "about two minutes"),
        (120, 300, "от двух до пяти минут", "from two to five minutes"),
        (300, 120, "от двух до пяти минут", "from two to five minutes"),
        (0, 300, "от одной до пяти минут", "from one to five minutes"),
        (500, 1260, "от восьми до двадцати пяти минут", "from eight to twenty five minutes"),
        (3500, 3600, "около часа", "about an hour"),
        (4000, 9000, "больше часа", "more than an hour"),
    ],
)
def test_an_estimate_is_rounded_as_people_do(low: float, high: float, said: str, told: str) -> None:
    assert ru(spoken.duration(low, high, "ru")) == said
    assert en(spoken.duration(low, high, "en")) == told


def test_an_unknown_estimate_is_not_spoken() -> None:
    for low, high in ((math.nan, 60.0), (0.0, math.inf), (-5.0, -1.0)):
        assert spoken.duration(low, high, "ru") == []
    assert spoken.wait("ru", 2, math.nan, math.nan) == spoken.place(2, "ru")
    assert spoken.place(0, "ru") == spoken.place(1000, "en") == []


@pytest.mark.parametrize(
    ("hour", "minute", "said", "told"),
    [
        (9, 0, "девять часов", "nine a.m."), (9, 5, "девять часов пять минут", "nine oh five a.m."),
        (21, 1, "двадцать один час одну минуту", "nine oh one p.m."),
        (0, 30, "ноль часов тридцать минут", "twelve thirty a.m."),
        (1, 21, "один час двадцать одну минуту", "one twenty one a.m."),
        (12, 2, "двенадцать часов две минуты", "twelve oh two p.m."),
    ],
)  # fmt: skip
def test_times_of_day(hour: int, minute: int, said: str, told: str) -> None:
    assert ru(spoken.clock(hour, minute, "ru")) == said
    assert en(spoken.clock(hour, minute, "en")) == told


def test_days_are_in_the_genitive() -> None:
    assert ru(spoken.day(date(2026, 5, 25), "ru")) == "двадцать пятого мая"
    assert ru(spoken.day(date(2026, 1, 3), "ru")) == "третьего января"
    assert ru(spoken.day(date(2026, 8, 31), "ru")) == "тридцать первого августа"
    assert en(spoken.day(date(2026, 5, 22), "en")) == "May the twenty second"
    assert en(spoken.day(date(2026, 5, 30), "en")) == "May the thirtieth"


def test_a_moment_is_named_as_near_as_it_is() -> None:
    now = datetime(2026, 5, 18, 22, 30)
    assert ru(spoken.moment(datetime(2026, 5, 18, 23, 0), now, "ru")) == "сегодня в двадцать три часа"
    assert ru(spoken.moment(datetime(2026, 5, 19, 8, 0), now, "ru")) == "завтра в восемь часов"
    assert ru(spoken.moment(datetime(2026, 5, 24, 8, 0), now, "ru")) == "в воскресенье в восемь часов"
    assert ru(spoken.moment(datetime(2026, 5, 25, 8, 0), now, "ru")) == "двадцать пятого мая в восемь часов"
    assert en(spoken.moment(datetime(2026, 5, 20, 8, 0), now, "en")) == "on Wednesday at eight a.m."


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_everything_that_can_be_spoken_exists(language: str) -> None:
    said: set[str] = set()
    for value in range(spoken.MOST + 1):
        for gender in ("m", "f", "n"):
            for case in ("nom", "gen", "acc"):
                said.update(spoken.number(value, language, gender, case))
        for unit in ("second", "minute", "hour"):
            for case in ("nom", "gen", "acc"):
                said.update(spoken.counted(value, unit, language, case))
        for form in (None, "m", "f"):
            said.update(spoken.place(value, language, form))
        said.update(spoken.wait(language, value, value * 7.0, value * 11.0))
    now = datetime(2028, 1, 1, 12)
    for minute in range(24 * 60):
        said.update(spoken.clock(minute // 60, minute % 60, language))
    for days in range(366):
        said.update(spoken.moment(now + timedelta(days=days), now, language))
        said.update(spoken.day((now + timedelta(days=days)).date(), language))
    have = {name for name in said if prompts.prompt(name, language).seconds > 0.1}
    assert have == said
    assert said <= set(catalogue.fragments(language))


def test_numbers_out_of_reach_are_refused() -> None:
    for value in (-1, 1000):
        with pytest.raises(ValueError, match="0 to 999"):
            spoken.number(value, "ru")
    with pytest.raises(ValueError, match="1 to 999"):
        spoken.ordinal(0, "en")
    with pytest.raises(ValueError, match="time of day"):
        spoken.clock(24, 0, "ru")


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_shipped_prompts_are_level_and_trimmed(language: str) -> None:
    assert set(catalogue.phrases("ru")) == set(catalogue.phrases("en"))
    for name, margin in {
        **dict.fromkeys(catalogue.fragments(language), 0.02),
        **dict.fromkeys(catalogue.phrases(language), 0.06),
    }.items():
        wave = prompts.prompt(name, language).samples.astype(np.float64) / 32768
        assert np.abs(wave).max() < 0.75, f"{name} is limited"
        frames = np.sqrt(np.mean(wave[: len(wave) // 80 * 80].reshape(-1, 80) ** 2, axis=1))
        level = 20 * np.log10(np.sqrt(np.mean(frames[frames > 0.1 * frames.max()] ** 2)))
        assert -21.5 < level < -18.5, f"{name} is as loud as the others"
        loud = np.flatnonzero(frames > 0.007 * frames.max())
        assert loud[0] * 0.01 <= margin + 0.021, f"{name} begins at once"
        assert (len(frames) - 1 - loud[-1]) * 0.01 <= margin + 0.021, f"{name} ends at once"


def test_the_hold_music_loops_in_the_telephone_band() -> None:
    wave = prompts.music().samples.astype(np.float64) / 32768
    assert 60 <= len(wave) / 8000 <= 90
    assert len(wave) % 160 == 0, "a loop over whole frames has no gap"
    assert np.abs(wave).max() < 0.9
    power = np.abs(np.fft.rfft(wave)) ** 2
    frequencies = np.fft.rfftfreq(len(wave), 1 / 8000)
    assert power[(frequencies >= 195) & (frequencies <= 3400)].sum() > 0.98 * power.sum()
    steps = np.abs(np.diff(wave))
    assert abs(wave[0] - wave[-1]) <= steps.max()
    seconds = np.sqrt(np.mean(wave.reshape(-1, 8000) ** 2, axis=1))
    assert seconds.min() > 0.3 * seconds.max(), "never silent, never sudden"


def test_a_waiting_caller_is_told_place_and_estimate() -> None:
    sounds = prompts.wait_announcement("ru", 2, 150, 170)
    words = ["place", "o.2.n", "wait", "about", "n.3.gen", "minute.many"]
    assert sum(sound.seconds for sound in sounds) == pytest.approx(
        0.15 + sum(prompts.prompt(name, "ru").seconds for name in words)
    )
    assert prompts.wait_announcement("ru", 0, math.nan, math.nan) == []
    with pytest.raises(KeyError):
        prompts.prompt("greeting", "fr")
    with pytest.raises(KeyError):
        prompts.prompt("../music", "ru")


# --- uploads --------------------------------------------------------------------------------------------------


def tone(rate: int = 44100, seconds: float = 1.0, frequency: float = 440.0, peak: float = 0.5) -> Floats:
    return peak * np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)


def file(samples: Floats, rate: int = 44100, format: str = "WAV", subtype: str | None = None) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=format, subtype=subtype)
    return out.getvalue()


@pytest.mark.parametrize(
    ("format", "subtype"),
    [("WAV", "PCM_16"), ("WAV", "FLOAT"), ("WAV", "ALAW"), ("FLAC", None),
     ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)]
)  # fmt: skip
def test_usual_files_become_telephone_sound(format: str, subtype: str | None) -> None:
    rate = 48000 if subtype == "OPUS" else 44100
    stereo = np.stack([tone(rate), tone(rate)], axis=1)
    made = convert.convert(file(stereo, rate, format, subtype))
    assert made.samples.dtype == np.int16
    assert made.samples.ndim == 1
    assert made.seconds == pytest.approx(1.0, abs=0.1)
    assert made.level == pytest.approx(convert.LOUDNESS, abs=1)
    power = np.abs(np.fft.rfft(made.samples[:8000].astype(np.float64), 8000))
    assert int(power.argmax()) == 440


def test_what_is_no_good_is_refused_by_code() -> None:
    rng = np.random.default_rng(1)
    bad = {
        "prompt.not_audio": [b"", b"RIFF", bytes(rng.bytes(5000)), b"<html></html>", file(tone())[:30]],
        "prompt.silent": [
            file(np.zeros(44100)),
            file(np.stack([tone(), -tone()], axis=1)),
            file(tone(frequency=15000)),
        ],
        "prompt.clipped": [file(np.clip(tone(peak=5.0), -1, 1))],
        "prompt.too_short": [file(tone(seconds=0.05))],
        "prompt.too_long": [file(np.full(4000 * 181, 0.1), 4000, "FLAC")],
    }
    for code, uploads in bad.items():
        for place, data in enumerate(uploads):
            with pytest.raises(Invalid) as refused:
                convert.convert(data)
            assert refused.value.code == code, place
    with pytest.raises(TooMany) as large:
        convert.convert(bytes(convert.MOST_BYTES + 1))
    assert large.value.code == "prompt.too_large"


def test_a_file_of_another_kind_of_sound_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        convert.convert(file(tone(), format="AIFF"))
    assert refused.value.code == "prompt.not_audio"


def test_a_full_scale_recording_that_is_not_clipped_is_taken() -> None:
    made = convert.convert(file(tone(peak=0.9999)))
    assert made.peak <= 0.991


@pytest.mark.parametrize("peak", [0.02, 0.3, 0.95])
def test_uploads_are_as_loud_as_the_shipped_prompts(peak: float) -> None:
    pauses = np.concatenate([tone(peak=peak), np.zeros(44100), tone(peak=peak), np.zeros(22050)])
    made = convert.convert(file(pauses))
    spoken_part = made.samples[800:7200].astype(np.float64) / 32768
    assert 20 * math.log10(float(np.sqrt(np.mean(spoken_part**2)))) == pytest.approx(convert.LOUDNESS, abs=0.5)


def test_a_whisper_is_not_lifted_into_noise_nor_a_peak_beyond_the_scale() -> None:
    assert convert.convert(file(tone(peak=0.004))).gain == pytest.approx(24)
    clicks = tone(peak=0.05)
    clicks[20000:20200] = tone(peak=0.9, seconds=1)[20000:20200]
    assert convert.convert(file(clicks)).peak <= 0.991


def test_simulated_people_have_something_to_say() -> None:
    folder = Path(str(files("teplo.simulator") / "audio"))
    sounds = {path.stem: prompts.read(path) for path in folder.glob("*.wav")}
    assert {"balance", "internet", "stolen", "thanks"} <= set(sounds)
    assert sum(path.stat().st_size for path in folder.glob("*.wav")) < 400_000
    for sound in sounds.values():
        assert 1 < sound.seconds < 10
        assert np.abs(sound.samples.astype(np.int32)).max() > 5000


def test_a_sound_of_another_rate_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.wav"
    soundfile.write(path, tone(16000), 16000)
    with pytest.raises(ValueError, match="8 kHz"):
        prompts.read(path)
