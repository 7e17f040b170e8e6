#!/usr/bin/env bash
# Stands before virsh or qemu-img on PATH: writes each call into the file $CALLS, marked `read` or `write`, and kills whoever made the
# call (passcheck) around the one that $KILL names: `before 3`, `after 3` of those that write; `after 3 define`: of those.
name=${0##*/}
own=$(cd "${0%/*}" && pwd)
tool=$(PATH=${PATH//"$own:"/} command -v "$name")
[ -n "${CALLS-}" ] || exec "$tool" "$@"

# What only looks: `pool-refresh` makes libvirt look into a folder again.
reads() {
  case $1 in
    domrename | domblkthreshold | domiftune | domif-setlink | domfsfreeze | domfsthaw | domfstrim | dompm* | domjobabort) return 1 ;;
    list | dumpxml | echo | uri | version | metadata | capabilities | domcapabilities | dom* | *-list | *-dumpxml | *-info | *-refresh) ;;
    *-path | *-uuid | *-name | *-key | *-dhcp-leases | node* | snapshot-current | snapshot-parent | info | check | map | compare) ;;
    *) return 1 ;;
  esac
}

# The words behind virsh's own options; several commands come as one word.
kind=read
words=("$@")
if [ "$name" = virsh ]; then
  while [[ ${words[0]-} = -* ]]; do
    case ${words[0]} in -c | --connect) words=("${words[@]:2}") ;; *) words=("${words[@]:1}") ;; esac
  done
fi
IFS=';' read -r -d '' -a commands <<< "${words[0]-}" || true
for command in "${commands[@]}"; do
  read -r first _ <<< "$command" || true
  reads "$first" || kind=write
done
if [ "$name ${words[0]-} ${words[1]-}" = 'qemu-img snapshot -l' ]; then kind=read; fi
if [[ " $* " = *' --set '* || " $* " = *' --remove '* ]]; then kind=write; fi

read -r when number only <<< "${KILL-}" || true
# Several run at once: each gets a number of its own.
if [ -n "$number" ]; then
  exec 9>> "$CALLS"
  flock 9
fi
printf '%s %s %s\n' "$kind" "$name" "${words[*]}" >> "$CALLS"
due=false
if [ "$kind" = write ] && [ -n "$number" ] && [ "${only:-${words[0]}}" = "${words[0]}" ]; then
  if [ "$(grep -c "^write ${only:+$name $only }" "$CALLS")" -eq "$number" ]; then due=true; fi
fi
exec 9>&-
if $due && [ "$when" = before ]; then kill -KILL "$PPID"; exit 1; fi
"$tool" "$@"
status=$?
if $due; then kill -KILL "$PPID"; fi
exit "$status"
