# Sourced by the cluster tests: what a run must have left behind.

# check_summary FOLDER PEERS: the run has that many peers and a loss that is a number.
check_summary() {
    local summary="$1/summary.json"
    [[ -s "$summary" ]] || fail "there is no $summary"
    grep -Eq "\"peers\" ?: ?$2\b" "$summary" || fail "$summary does not tell of $2 peers: $(<"$summary")"
    grep -Eq '"test_loss" ?: ?-?[0-9]' "$summary" || fail "$summary tells of no finite loss: $(<"$summary")"
}

# A run of seconds: four peers on images that are made.
tiny=(
    data.name=synthetic data.samples=400 data.size=8 model.name=mlp batch=20 epochs=3 peers=4 transport.name=mpi
    algorithm.name=gosgd algorithm.probability=0.2
)

# plug_in FLAVOUR: whether the program finds the MPI plug-in of that name.
plug_in() {
    local folder="$root/.build/mpi"
    [[ -e "$folder/murmur_mpi-$1.so" ]]
}
