package metrics

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// name takes the classes that labels name.
func (c *Classes) name(classes []string) {
	if !slices.ContainsFunc(classes, func(class string) bool { _, ok := numberOf(class); return !ok }) {
		c.byValue = map[float64]int{}
	}
	shortest := slices.SortedFunc(slices.Values(classes), func(x, y string) int {
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
	})
	var all []string
	for _, class := range shortest {
		if _, known := c.find(class); !known {
			all = append(all, class)
			c.put(class, 0)
		}
	}
	slices.Sort(all)
	for i, class := range all {
		c.put(class, i)
	}
	c.names = all
}

// put says where a class is.
func (c *Classes) put(name string, at int) {
	c.index[name] = at
	if c.byValue == nil {
		return
	}
	if x, ok := numberOf(name); ok {
		c.byValue[x] = at
	}
}

// find is where a class is, however it is spelled.
func (c *Classes) find(name string) (at int, known bool) {
	if at, known = c.index[name]; known || c.byValue == nil {
		return at, known
	}
	if x, ok := numberOf(name); ok {
		at, known = c.byValue[x]
	}
	return at, known
}

// numberOf is the value of a name that is a number. From 2^53 on, whole numbers share values.
func numberOf(name string) (value float64, ok bool) {
	value, err := strconv.ParseFloat(name, 64)
	return value, err == nil && math.Abs(value) < 1<<53
}

// isFraction reports a number that is not whole: a score, unless labels look like it.
func isFraction(name string) bool {
	x, ok := numberOf(name)
	return ok && x != math.Trunc(x)
}
