# Sourced by ./unpress test, after setup.sh. Builds everything once, runs each test project, and ends with one line:
# "N passed, N failed", and ", N skipped" when some were.

run_tests() {
    make_native
    say "building the solution"
    logged dotnet build "$root/Unpress.slnx" -c Release --disable-build-servers -v minimal || fail "the solution did not build"
    exec {lock}>&-

    # Two projects run at once, four where there are as many processors: each test computes on one, and many of them wait. The two that
    # take longest come first.
    local at_once=2
    (($(env -u OMP_NUM_THREADS nproc) < 4)) || at_once=4
    export OMP_NUM_THREADS=1
    mkdir -p "$build/test-results"
    local project passed=0 failed=0 skipped=0
    local -a projects=(Unpress.Studio.Tests Unpress.Cli.Tests)
    for project in "$root"/tests/*.Tests/; do
        project=$(basename "$project")
        [[ " ${projects[*]} " == *" $project "* ]] || projects+=("$project")
    done
    for project in "${projects[@]}"; do
        (($(jobs -rp | wc -l) < at_once)) || wait -n || true
        run_project "$project" "$@" &
    done
    wait
    for project in "${projects[@]}"; do
        count_project "$project"
    done

    local line="$passed passed, $failed failed"
    ((skipped)) && line+=", $skipped skipped"
    echo "$line"
    ((failed == 0 && passed > 0))
}

# Runs one project's tests; what it prints comes in one piece.
run_project() {
    local name=$1 status=0 output
    rm -f "$build/test-results/$name".{trx,status}
    output=$(dotnet test "$root/tests/$name/bin/Release/net10.0/$name.dll" --nologo "${@:2}" \
        --logger "console;verbosity=minimal" --logger "trx;LogFileName=$name.trx" --results-directory "$build/test-results" 2>&1) || status=$?
    echo "$output"
    echo "$status" >"$build/test-results/$name.status"
}

# Adds one project's counts to those of run_tests. They are read from the results file, not from what the runner prints, which
# depends on the language; a runner that ends badly without a failed test (a crash, a timeout) counts as one failure.
count_project() {
    local results=$build/test-results/$1 status=1 total=0 executed=0 good=0 bad=0 counters
    [[ ! -f $results.status ]] || status=$(<"$results.status")
    if counters=$(grep -o '<Counters [^>]*>' "$results.trx" 2>/dev/null); then
        total=$(counter total "$counters")
        executed=$(counter executed "$counters")
        good=$(counter passed "$counters")
        bad=$((executed - good))
    fi
    ((status != 0 && bad == 0)) && bad=1
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
}

counter() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$2"; }
