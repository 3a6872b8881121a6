package cron

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
	// Time zones must be known on machines that have no data of their own.
	_ "time/tzdata"

	"sagehost/kit/check"
)

// zoneNames are the names of the IANA database, one on each line, in the version that Go brings along. What a machine
// has besides, such as "posix/UTC" or "localtime", no service knows, and not every file system heeds case.
//
//go:embed zones.txt
var zoneNames string

// Zones lists the names of all time zones, sorted.
func Zones() []string { return strings.Fields(zoneNames) }

// Zone is a time zone of the IANA database by its name; the empty name is UTC.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	if _, known := slices.BinarySearch(Zones(), name); !known {
		return nil, fmt.Errorf("%q is not a time zone", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone: %w", name, err)
	}
	return zone, nil
}

// NearestZone suggests the time zone that a name is nearest to, or shows what names are like: a clause to append to a
// problem.
func NearestZone(name string) string {
	if nearest := check.DidYouMean(name, Zones()); nearest != "" {
		return nearest
	}
	return `; expected one like "Europe/Berlin"`
}
