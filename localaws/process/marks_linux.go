package process

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
)

// carries looks for an entry in the environment that a process was started with. That of a zombie is empty.
func carries(pid int, entry string) bool {
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	return err == nil && slices.ContainsFunc(bytes.Split(environ, []byte{0}), func(have []byte) bool {
		return string(have) == entry
	})
}

// marked lists the processes whose environment has an entry. Those of others cannot be read.
func marked(entry string) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil && carries(pid, entry) {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}
