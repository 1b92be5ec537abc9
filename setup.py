"""Two things that pyproject.toml cannot say: the list of packages below src/, and the shipped workouts."""

import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py


class BuildWithWorkouts(build_py):
    """Copies the workout files into the package; an editable install reads the top-level folder instead."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            shipped = Path(self.build_lib, "retrotread", "workouts", "shipped")
            for file in sorted(Path("workouts").rglob("*.yaml")):
                target = shipped / file.relative_to("workouts")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)


setup(
    packages=["retrotread", *(f"retrotread.{name}" for name in find_packages("src"))],
    cmdclass={"build_py": BuildWithWorkouts},
)
