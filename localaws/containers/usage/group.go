package usage

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"time"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/cloudwatch/metrics"
)

// group is the containers that share their metrics.
type group struct {
	job          bool
	serverlessMB int
	pids         map[int]bool
	// volumes are the disks of the instances, the fullest of which counts.
	volumes []volume
}

// volume is the disk of an instance.
type volume struct {
	folder string
	sizeGB int
}

// groupsOf brings together what has the same metrics. The keys are these metrics without their names.
func groupsOf(all []Running) map[metrics.Metric]*group {
	groups := map[metrics.Metric]*group{}
	for _, running := range all {
		series := running.series()
		g := groups[series]
		if g == nil {
			g = &group{job: running.Job != "", serverlessMB: running.ServerlessMB, pids: map[int]bool{}}
			groups[series] = g
		}
		for _, pid := range running.PIDs {
			g.pids[pid] = true
		}
		if g.onInstances() {
			g.volumes = append(g.volumes, volume{running.Folder, cmp.Or(running.VolumeGB, serving.DefaultVolumeGB)})
		}
	}
	return groups
}

// series is the metrics of the containers, without their names.
func (r *Running) series() metrics.Metric {
	m := metrics.Metric{Region: r.Region, Unit: metrics.Percent}
	if r.Job != "" {
		m.Namespace = metrics.TransformJobs
		m.Dimensions = metrics.By("Host", r.Job+"/"+instance(r.Region, r.Job))
	} else {
		m.Namespace = metrics.Instances
		m.Dimensions = metrics.By("EndpointName", r.Endpoint, "VariantName", r.Variant)
	}
	return m
}

// instance makes up the id of the instance that runs a transform job; the same job always gets the same.
func instance(region, job string) string {
	sum := sha256.Sum256([]byte(region + "\n" + job))
	return "i-" + fmt.Sprintf("%x", sum)[:17]
}

// onInstances says that the group is a variant that has instances, and with them disks.
func (g *group) onInstances() bool { return !g.job && g.serverlessMB == 0 }

// fullest is how full the fullest of the volumes is, in percent.
func (g *group) fullest(m machine) float64 {
	var fullest float64
	for _, v := range g.volumes {
		fullest = max(fullest, percent(float64(m.size(v.folder)), float64(v.sizeGB)*(1<<30), 1))
	}
	return fullest
}

// values are the percentages that are published for the group, by the name of the metric.
func (g *group) values(u used, total totals, span time.Duration) map[string]float64 {
	memory := percent(float64(u.memory), float64(total.memory), 1)
	cpu := percent(u.cpu.Seconds(), span.Seconds(), total.cores)
	switch {
	case g.job:
		return map[string]float64{"CPUUtilization": cpu, "MemoryUtilization": memory}
	case g.serverlessMB > 0:
		return map[string]float64{"MemoryUtilization": percent(float64(u.memory), float64(g.serverlessMB)*(1<<20), 1)}
	default:
		return map[string]float64{"CPUUtilization": cpu, "MemoryUtilization": memory, "DiskUtilization": u.disk}
	}
}

// percent is a part of a whole in percent, up to 100 × units. It could be more than that because CPU time is told in
// hundredths of a second, and because memory that is shared counts several times.
func percent(part, whole float64, units int) float64 {
	return min(100*part/whole, 100*float64(units))
}
