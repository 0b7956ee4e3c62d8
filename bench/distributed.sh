#!/usr/bin/env bash
# Steps a second of one training in two processes that only a slow network joins: two network namespaces with a link between them.
#   sudo bench/distributed.sh 100mbit
# As root, with iproute2. Recipe: photo, overlay lite, one thread a process.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./unpress --version >/dev/null # builds what is to be built, where the network is
rate=${1:?the rate of the link, such as 100mbit or 1gbit} steps=${2:-80}
folder=$(mktemp -d)
trap 'for name in a b; do ip netns delete "unpress-$name" 2>/dev/null || true; done; rm -rf "$folder"' EXIT

ip netns add unpress-a
ip netns add unpress-b
ip link add link-a netns unpress-a type veth peer name link-b netns unpress-b
for side in a:1 b:2; do
    name=${side%:*} netns=unpress-${side%:*}
    ip -n "$netns" link set lo up
    ip -n "$netns" address add "10.9.0.${side#*:}/24" dev "link-$name"
    ip -n "$netns" link set "link-$name" up
    ip netns exec "$netns" tc qdisc add dev "link-$name" root tbf rate "$rate" burst 64kb latency 50ms
done

export MASTER_ADDR=10.9.0.1 MASTER_PORT=29517 WORLD_SIZE=2 OMP_NUM_THREADS=1
for side in a:0 b:1; do
    name=${side%:*}
    RANK=${side#*:} GLOO_SOCKET_IFNAME=link-$name ip netns exec "unpress-$name" ./unpress train recipes/unpress/photo.yaml --overlay lite \
        --set "steps=$steps" --set name=link -o "$folder/run" --distributed --threads 1 --report 20 &
done
wait
