//go:build unix && !linux

package process

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
)

// carries looks for an entry in the environment that a process was started with.
func carries(pid int, entry string) bool {
	pids, err := list(entry, "-p", strconv.Itoa(pid))
	return err == nil && len(pids) == 1
}

// marked lists the processes whose environment has an entry.
func marked(entry string) ([]int, error) { return list(entry, "-ax") }

// list has ps show processes with their environments, and returns the ids of those with the entry. A zombie has none.
func list(entry string, selection ...string) ([]int, error) {
	out, err := exec.Command("ps", append([]string{"-E", "-ww", "-o", "pid=,command="}, selection...)...).Output()
	if _, none := errors.AsType[*exec.ExitError](err); none {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var pids []int
	for line := range strings.Lines(string(out)) {
		id, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		pid, err := strconv.Atoi(id)
		if err == nil && strings.Contains(command+" ", " "+entry+" ") {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}
