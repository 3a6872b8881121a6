package metrics

import (
	"fmt"
	"slices"
	"strings"

	"sagehost/kit/check"
)

// learn adds the classes that an answer names and nobody has named before: a model knows more classes than the rows of
// a small set are of.
func (c *Classes) learn(answer *Answer) error {
	if _, known := c.find(answer.Class); !known {
		if err := c.insert("the predicted class", answer.Class); err != nil {
			return err
		}
	}
	for name := range answer.Probabilities {
		if _, known := c.find(name); known {
			continue
		}
		if err := c.insert("a class with a probability", name); err != nil {
			return err
		}
	}
	return nil
}

// insert makes room for a class among those that are known, in the order of their names.
func (c *Classes) insert(what, name string) error {
	if len(c.names) == MaxClasses {
		return fmt.Errorf("%s is %.80q, and there are %d classes already, which is the most", what, name, MaxClasses)
	}
	if isFraction(name) && !slices.ContainsFunc(c.names, isFraction) {
		return fmt.Errorf("%s is %.80q, which is a number and no class; known are %s%s", what, name, few(c.names), c.hint())
	}
	at, _ := slices.BinarySearch(c.names, name)
	for i := range c.confusion {
		c.confusion[i] = slices.Insert(c.confusion[i], at, 0)
	}
	c.names = slices.Insert(c.names, at, name)
	c.confusion = slices.Insert(c.confusion, at, make([]int64, len(c.names)))
	c.scores = make([]float64, len(c.names))
	for spelled, i := range c.index {
		if i >= at {
			c.index[spelled] = i + 1
		}
	}
	for value, i := range c.byValue {
		if i >= at {
			c.byValue[value] = i + 1
		}
	}
	c.put(name, at)
	if c.positive >= at {
		c.positive++
	}
	if c.rows == 0 {
		c.draw()
	} else if c.unknown == "" {
		c.unknown = fmt.Sprintf("the answers before the first that names %.80q do not tell its probability", name)
	}
	return nil
}

// hint says what can be done about numbers.
func (c *Classes) hint() string {
	if positive := c.Positive(); positive != "" {
		return fmt.Sprintf("; if it is the probability of %.80q, say so with --threshold", positive)
	}
	return ""
}

// draw begins the curves: one for the positive class of two, else one for each class.
func (c *Classes) draw() {
	c.curves = make([]curve, 1)
	if len(c.names) > 2 {
		c.curves = make([]curve, len(c.names))
	}
	for i := range c.curves {
		c.curves[i].limit = keptScores / len(c.curves)
	}
}

func (c *Classes) stranger(what, name string) error {
	return fmt.Errorf("%s is %.80q, which is no class; known are %s%s", what, name, few(c.names),
		check.DidYouMean(name, c.names))
}

// errStrange says that no answer names a class that rows are of: answers and labels are about different things.
func (c *Classes) errStrange() error {
	var predicted []string
	for j, name := range c.names {
		if slices.ContainsFunc(c.confusion, func(row []int64) bool { return row[j] > 0 }) {
			predicted = append(predicted, name)
		}
	}
	return fmt.Errorf("none of the %d predictions is one of the labels %s; they are %s",
		c.rows, few(c.labels), few(predicted))
}

// few names the first few.
func few(names []string) string {
	const most = 10
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
