package metrics

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// MaxClasses is how many classes can be told apart: what is counted grows with their square.
const MaxClasses = 256

// leastProbability stands for a probability of 0 in the log loss, which would be infinite: the epsilon of 64-bit
// floating-point numbers, as scikit-learn has it.
const leastProbability = 0x1p-52

// sumTolerance is how far from 1 the probabilities of a row may add up: single precision and rounding leave so much.
const sumTolerance = 1e-3

// Classes measures a classification.
type Classes struct {
	// labels are the classes that rows can be of; familiar is true when an answer has named one of them.
	labels   []string
	familiar bool
	// names are these and what was learnt, sorted. Index is where they are; byValue is where numbers are, nil unless all
	// labels are numbers.
	names    []string
	index    map[string]int
	byValue  map[float64]int
	positive int
	// asked says that somebody has chosen the positive class.
	asked     bool
	rows      int64
	confusion [][]int64
	loss      sum
	// curves are one for the positive class of two, else one for each class.
	curves    []curve
	bins      [10]struct{ rows, right, total float64 }
	uncertain bool
	// unknown says why the probabilities of all classes are not known; empty as long as they are.
	unknown string
	// scores are the probabilities of the row at hand, in the order of names.
	scores []float64
	// both are the probabilities of a row of AddScore.
	both map[string]float64
}

// NewClasses measures a classification. The classes are all that labels may name, at least two; answers may name
// others, which are learnt. When all of them are numbers, they are told apart by their values: 1 and 1.0 are one class,
// whose name is the shorter one. Of two, the positive one is that of AUC and ROC: when empty, the last by name.
func NewClasses(classes []string, positive string) (*Classes, error) {
	c := &Classes{index: map[string]int{}, asked: positive != ""}
	c.name(classes)
	if len(c.names) < 2 || len(c.names) > MaxClasses {
		return nil, fmt.Errorf("%d classes cannot be told apart; 2 to %d can", len(c.names), MaxClasses)
	}
	c.positive = len(c.names) - 1
	if c.asked {
		var known bool
		if c.positive, known = c.find(positive); !known {
			return nil, c.stranger("the positive class", positive)
		}
		if len(c.names) > 2 {
			return nil, fmt.Errorf("of %d classes none is the positive one; there must be 2", len(c.names))
		}
	}
	c.confusion = make([][]int64, len(c.names))
	for i := range c.confusion {
		c.confusion[i] = make([]int64, len(c.names))
	}
	c.labels = slices.Clone(c.names)
	c.scores = make([]float64, len(c.names))
	c.draw()
	return c, nil
}

// Add measures one row. It fails on a label that is not known, on a predicted class that is a fraction while no label
// is or one more than MaxClasses, and on what is no probability.
func (c *Classes) Add(label string, answer *Answer) error {
	if err := c.learn(answer); err != nil {
		return err
	}
	truth, ok := c.find(label)
	if !ok {
		return c.stranger("the label", label)
	}
	predicted, _ := c.find(answer.Class)
	confidence, told := answer.confidence()
	if told && !(confidence >= 0 && confidence <= 1) {
		return fmt.Errorf("%v is not a probability between 0 and 1", confidence)
	}
	if err := c.score(predicted, answer, confidence, told); err != nil {
		return err
	}
	c.rows++
	if !c.familiar {
		c.familiar = slices.Contains(c.labels, c.names[predicted])
	}
	c.confusion[truth][predicted]++
	if c.uncertain = c.uncertain || !told; !c.uncertain {
		c.calibrate(confidence, truth == predicted)
	}
	if c.unknown != "" {
		return nil
	}
	c.loss.add(-math.Log(max(c.scores[truth], leastProbability)))
	for i := range c.curves {
		class := i
		if len(c.curves) == 1 {
			class = c.positive
		}
		c.curves[i].add(c.scores[class], truth == class)
	}
	return nil
}

// confidence is the probability of the class that an answer names.
func (a *Answer) confidence() (probability float64, told bool) {
	if a.Probabilities != nil {
		probability, told = a.Probabilities[a.Class]
		return probability, told
	}
	if a.Probability == nil {
		return 0, false
	}
	return *a.Probability, true
}

// score finds the probabilities of all classes. Of two classes, one's tells the other's.
func (c *Classes) score(predicted int, answer *Answer, confidence float64, told bool) error {
	total := 0.0
	for name, probability := range answer.Probabilities {
		if !(probability >= 0 && probability <= 1) {
			return fmt.Errorf("%v is not a probability between 0 and 1", probability)
		}
		i, _ := c.find(name)
		c.scores[i] = probability
		total += probability
	}
	switch {
	case c.unknown != "":
	case answer.Probabilities != nil && len(answer.Probabilities) < len(c.names):
		c.unknown = "the answers do not tell the probabilities of all classes"
	case answer.Probabilities != nil && math.Abs(total-1) > sumTolerance:
		c.unknown = fmt.Sprintf("the probabilities of a row add up to %g, not to 1", total)
	case answer.Probabilities != nil:
	case !told:
		c.unknown = "the answers tell no probabilities"
	case len(c.names) == 2:
		c.scores[predicted], c.scores[1-predicted] = confidence, 1-confidence
	default:
		c.unknown = "the answers tell only the probability of the predicted class, and there are more than two"
	}
	return nil
}

func (c *Classes) calibrate(confidence float64, right bool) {
	bin := &c.bins[min(int(confidence*float64(len(c.bins))), len(c.bins)-1)]
	bin.rows++
	bin.total += confidence
	if right {
		bin.right++
	}
}

// ErrNoRows is returned when there was nothing to measure.
var ErrNoRows = errors.New("there are no rows to measure")
