# make run     open Retrotread with a simulated treadmill
# make test    every check
# make format  put the code into its format
# make sweep   every shipped workout on every simulated machine; some minutes
# make golden  record the golden scenarios anew; look at the difference first
# make bench   the figures
# make fuzz    damaged frames of real treadmills through the decoders, for a minute or FUZZ_S=seconds; and damaged
#              files of other programs, EXAMPLES of each kind (20000)
# make explore  every state of the supervisor on the finer grid; minutes, or EXPLORE_S=seconds for each exploration
# make simulate-faults   sessions among faults on virtual time, N of them (2000), from seed FIRST (0) on
# make false-stops   sessions without a fault on virtual time: every stop that nobody asked for is a false one
# make process-faults    kill, freeze, block and deafen the processes of running sessions, N times each (200)
# make kills   writers of journals, of the diary and of the store that are killed, N times (10000); what they had said that
#              they keep is looked for each time
# make hazards   every measure of the hazard log switched off once, the slow ones too, or NAMES="H01.1 H08.2"
# make mutants   deliberate defects against the exploration and the simulation: what none has found so far
# make coverage  what the tests leave out of src/safety and src/guardian, branch by branch
# make clean   remove .venv and everything that was built
#
# Works with GNU make from 3.81 up; needs Python 3.11 or newer and nothing else.
# Another Python: make run PYTHON=/path/to/python3

export PYTHON
BIN = .venv/bin
# Two processes with work and two that mostly wait: tests/conftest.py says which tests share one. In a single
# process: make test SIDE_BY_SIDE="-n 0", or plain .venv/bin/python -m pytest. One that dies is not begun anew: the
# test that killed it would kill the next one as well, and the rest would never end.
SIDE_BY_SIDE = -n 4 --dist loadscope --no-loadscope-reorder --max-worker-restart 0

.PHONY: run test format sweep golden bench fuzz explore simulate-faults false-stops process-faults kills crashes hazards mutants coverage clean

run:
	@tools/environment run
	@$(BIN)/retrotread

test:
	@tools/environment test
	@echo "== format"
	@$(BIN)/ruff format --check .
	@echo "== lint"
	@$(BIN)/ruff check .
	@echo "== types"
	@$(BIN)/mypy
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-logo
	@echo "== tests"
	@$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) || { code=$$?; \
	    if [ $$code -eq 5 ]; then echo "pytest collected no test at all: nothing was checked." >&2; fi; exit $$code; }
	@echo "== wheel"
	@tools/wheel

format:
	@tools/environment test
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

sweep:
	@tools/environment test
	@RETROTREAD_SWEEP=all $(BIN)/python -m pytest -q tests/sessions/tempers/test_sweep.py

golden:
	@tools/environment test
	@$(BIN)/python tests/scenarios/record.py

bench:
	@tools/environment test
	@$(BIN)/python -m benchmarks

explore:
	@tools/environment test
	@PYTHONPATH=typings $(BIN)/python -m tests.proof.explore $(if $(EXPLORE_S),seconds=$(EXPLORE_S))

fuzz:
	@tools/environment test
	@$(BIN)/python tests/fuzz/fuzz.py
	@FORMATS_FUZZ=$(or $(EXAMPLES),20000) $(BIN)/python -m pytest -q -p no:cacheprovider --hypothesis-profile=default \
	    tests/workouts/formats/test_fuzz.py

simulate-faults:
	@tools/environment test
	@$(BIN)/python -m tests.proof.swarm $(or $(N),2000) --first $(or $(FIRST),0)

false-stops:
	@tools/environment test
	@$(BIN)/python -m tests.proof.swarm $(or $(N),2000) --first $(or $(FIRST),0) --fault-free

process-faults:
	@tools/environment test
	@$(BIN)/python -m tests.process.faults $(or $(N),200)

kills:
	@tools/environment test
	@$(BIN)/python -m tests.records.kills $(or $(N),10000) --seconds 20 --steps-lost-max-s 1.5 --faults 100

crashes: kills
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/records tests/sessions/test_journal.py \
	    tests/sessions/test_journal_faults.py tests/sessions/test_added_only.py --deselect tests/records/test_killed.py

hazards:
	@tools/environment test
	@$(BIN)/python -m tests.proof.hazards $(NAMES)

mutants:
	@tools/environment test
	@$(BIN)/python -m tests.proof.mutants

coverage:
	@tools/environment test
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m coverage run -m pytest -q -p no:cacheprovider tests/safety tests/guardian
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report --include='src/safety/*,src/guardian/*' --fail-under=100

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
