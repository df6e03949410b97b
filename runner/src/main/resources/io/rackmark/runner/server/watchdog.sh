# Runs a server in a session of its own and ends it, with all that it started, when standard input
# closes: when Rackmark asks for it, and just as well when Rackmark is killed.
#   sh -c THIS watchdog GRACE_TENTHS MARKER LOG COMMAND...
# Writes two lines: the server's process id, and its exit status once it has ended.
grace=$1 marker=$2 log=$3
shift 3
exec 3<&0 </dev/null

alive() {
  kill -0 "-$server" 2>/dev/null || kill -0 "$server" 2>/dev/null
}

# What left the session still carries the marker in its environment.
finish() {
  kill -KILL "-$server" 2>/dev/null
  for file in $(grep -lsF -e "RACKMARK_SERVER=$marker" /proc/[0-9]*/environ); do
    pid=${file#/proc/}
    kill -KILL "${pid%/environ}" 2>/dev/null
  done
}

stop() {
  # There is no group yet in the first instant.
  kill -TERM "-$server" 2>/dev/null || kill -TERM "$server" 2>/dev/null
  while [ "$grace" -gt 0 ] && alive; do
    sleep 0.1
    grace=$((grace - 1))
  done
  finish
}

(
  export RACKMARK_SERVER="$marker"
  exec setsid "$@" 3<&- >>"$log" 2>&1
) &
server=$!
echo "$server"
(
  read -r _ <&3
  stop
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$server"
status=$?
finish
echo "$status"
kill -KILL "$watcher" 2>/dev/null
