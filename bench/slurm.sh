#!/bin/bash
# A Slurm cluster on this machine alone: a controller and two node daemons (Debian: slurm-wlm, munge), for trying deploy/slurm. As root.
#
#   bench/slurm.sh start FOLDER       configuration, logs and state go there; prints what to export for sbatch, squeue and so on
#   bench/slurm.sh kill FOLDER NODE   ends a node daemon and all that it runs, as if its machine had lost its power
#   bench/slurm.sh node FOLDER NODE   starts it again
#   bench/slurm.sh stop FOLDER        ends everything that this script has started there
set -euo pipefail
(($# >= 2)) || { sed -n '2,8s/^# \?//p' "$0"; exit 2; }
what=$1 folder=$(readlink -m "$2")
export SLURM_CONF=$folder/slurm.conf

node() {
    # A session of its own: what the node runs can be found by it.
    setsid slurmd -N "$1" -f "$SLURM_CONF" -D >>"$folder/$1.out" 2>&1 &
    echo $! >"$folder/$1.session"
}

# Whatever a process has started, the process last: so that nobody is left that nobody knows.
below() {
    local child
    for child in $(pgrep -P "$1"); do below "$child"; done
    echo "$1"
}

case $what in
start)
    mkdir -p "$folder"/{state,spool,log}
    chmod 755 "$folder"
    cores=$(nproc) memory=$(awk '/MemTotal/ { print int($2 / 1024 / 2) }' /proc/meminfo)
    cat >"$SLURM_CONF" <<EOF
ClusterName=here
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
SlurmctldPort=17817
SlurmctldTimeout=10
SlurmdTimeout=10
MinJobAge=3600
KillWait=5
ReturnToService=2
SchedulerParameters=bf_interval=5,sched_min_interval=0
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n.pid
SlurmctldLogFile=$folder/log/slurmctld
SlurmdLogFile=$folder/log/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobRequeue=1
NodeName=n1 NodeAddr=127.0.0.1 Port=17901 CPUs=$((cores > 1 ? cores : 2)) RealMemory=$memory State=UNKNOWN
NodeName=n2 NodeAddr=127.0.0.1 Port=17902 CPUs=$((cores > 1 ? cores : 2)) RealMemory=$memory State=UNKNOWN
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
EOF
    [[ -f $folder/munge.key ]] || (umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
    munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" --pid-file="$folder/munged.pid" \
        --log-file="$folder/log/munged" --seed-file="$folder/munge.seed"
    slurmctld -c -f "$SLURM_CONF"
    node n1
    node n2
    for _ in {1..60}; do
        [[ $(sinfo -h -o %T -N 2>/dev/null | sort -u) == idle ]] && break
        sleep 1
    done
    sinfo >&2
    echo "export SLURM_CONF=$SLURM_CONF"
    ;;
kill)
    # Stopped first: it must not tell the controller that its job has failed. A machine that loses its power says nothing.
    pids=$(below "$(<"$folder/$3.session")")
    steps=$(pgrep -f "^slurmstepd: \[" | while read -r pid; do
        grep -qz "^SLURM_NODENAME=$3$\|^SLURMD_NODENAME=$3$" "/proc/$pid/environ" 2>/dev/null && below "$pid"; done || true)
    for job in $(squeue -h -w "$3" -t R -o %A); do
        steps+=" $(pgrep -f "^slurmstepd: \[$job\." | while read -r pid; do below "$pid"; done || true)"
    done
    kill -STOP $pids $steps 2>/dev/null || true
    kill -KILL $pids $steps 2>/dev/null || true
    ;;
node) node "$3" ;;
stop)
    scancel --user=root 2>/dev/null || true
    sleep 2
    for one in n1 n2; do
        [[ -f $folder/$one.session ]] && kill -KILL $(below "$(<"$folder/$one.session")") 2>/dev/null || true
    done
    for one in slurmctld munged; do
        [[ -f $folder/$one.pid ]] && kill "$(<"$folder/$one.pid")" || true
    done
    ;;
*)
    echo "unknown: $what" >&2
    exit 2
    ;;
esac
