package usage

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"time"

	"github.com/shirou/gopsutil/v4/mem"
	gopsutil "github.com/shirou/gopsutil/v4/process"
)

// machine is where figures come from.
type machine interface {
	// totals is what there is of everything.
	totals() (totals, error)
	// children is the ids of the processes that each process started and that run.
	children() (map[int][]int, error)
	// process is the figures of a process; false means that it has gone.
	process(pid int) (process, bool)
	// size is that of all files in a folder, in bytes; 0 when there is no such folder.
	size(folder string) int64
}

// totals is about a machine as a whole.
type totals struct {
	cores int
	// memory is in bytes.
	memory uint64
}

// process is about one process.
type process struct {
	// created may be up to a second too early.
	created time.Time
	// cpu is the time that it has used on all cores, without that of its children.
	cpu time.Duration
	// memory is what is resident, in bytes.
	memory uint64
}

// local is this machine.
type local struct{}

func (local) totals() (totals, error) {
	memory, err := mem.VirtualMemory()
	if err != nil {
		return totals{}, fmt.Errorf("read the size of the memory: %w", err)
	}
	return totals{cores: runtime.NumCPU(), memory: memory.Total}, nil
}

func (local) children() (map[int][]int, error) {
	pids, err := gopsutil.Pids()
	if err != nil {
		return nil, fmt.Errorf("list the processes: %w", err)
	}
	children := map[int][]int{}
	for _, pid := range pids {
		p := &gopsutil.Process{Pid: pid}
		// One that cannot be read has ended, or belongs to somebody else.
		if parent, err := p.Ppid(); err == nil {
			children[int(parent)] = append(children[int(parent)], int(pid))
		}
	}
	return children, nil
}

// size leaves out what cannot be read: containers load and unload models all the time.
func (local) size(folder string) int64 {
	var sum int64
	_ = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			if info, err := entry.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil
	})
	return sum
}

// process takes any error for the end of the process: those of containers are ours to read.
func (local) process(pid int) (process, bool) {
	p := &gopsutil.Process{Pid: int32(pid)} //nolint:gosec // ids of processes are 32 bits wide
	created, err := p.CreateTime()
	if err != nil {
		return process{}, false
	}
	times, err := p.Times()
	if err != nil {
		return process{}, false
	}
	memory, err := p.MemoryInfo()
	if err != nil {
		return process{}, false
	}
	return process{
		created: time.UnixMilli(created),
		cpu:     time.Duration((times.User + times.System) * float64(time.Second)),
		memory:  memory.RSS,
	}, true
}
