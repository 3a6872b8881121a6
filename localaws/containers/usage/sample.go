package usage

import (
	"maps"
	"time"

	"sagehost/localaws/services/cloudwatch/metrics"
)

// used is what the processes of a group have used.
type used struct {
	// cpu is since the sample before.
	cpu time.Duration
	// memory is in bytes.
	memory uint64
	// disk is in percent.
	disk float64
}

// sample reads the machine and sets the values. Without figures there are none, and the next sample covers the time of
// this one too.
func (s *Sampler) sample(now time.Time) error {
	s.values = nil
	groups := groupsOf(s.options.Running())
	spent, values := map[int]time.Duration{}, map[metrics.Metric]float64{}
	if len(groups) > 0 {
		total, err := s.machine.totals()
		if err != nil {
			return err
		}
		children, err := s.machine.children()
		if err != nil {
			return err
		}
		for series, g := range groups {
			u := s.use(g.family(children), spent)
			u.disk = g.fullest(s.machine)
			for name, value := range g.values(u, total, now.Sub(s.sampled)) {
				metric := series
				metric.Name = name
				values[metric] = value
			}
		}
	}
	s.sampled, s.spent, s.values = now, spent, values
	return nil
}

// use adds up what processes have used, and notes the CPU time of each. A process that has gone has used nothing.
func (s *Sampler) use(pids map[int]bool, spent map[int]time.Duration) used {
	var sum used
	for pid := range pids {
		if p, ok := s.machine.process(pid); ok {
			sum.cpu += s.since(pid, p)
			sum.memory += p.memory
			spent[pid] = p.cpu
		}
	}
	return sum
}

// since is the CPU time that a process has used since the sample before.
func (s *Sampler) since(pid int, p process) time.Duration {
	before, known := s.spent[pid]
	switch {
	case known && p.cpu >= before:
		return p.cpu - before
	// CPU time never shrinks: with less, it is a new process under an old id.
	case known, p.created.After(s.sampled):
		return p.cpu
	// How much of its time fell in this span nobody knows.
	default:
		return 0
	}
}

// family is the processes of the group with all that they started.
func (g *group) family(children map[int][]int) map[int]bool {
	all, next := map[int]bool{}, maps.Clone(g.pids)
	for len(next) > 0 {
		maps.Copy(all, next)
		found := map[int]bool{}
		for parent := range next {
			for _, child := range children[parent] {
				if !all[child] {
					found[child] = true
				}
			}
		}
		next = found
	}
	return all
}
