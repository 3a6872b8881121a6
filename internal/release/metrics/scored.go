package metrics

// Positive is the class of two that AUC, ROC and scores are of; empty unless there are two.
func (c *Classes) Positive() string {
	if len(c.names) != 2 {
		return ""
	}
	return c.names[c.positive]
}

// AddScore measures one row by the probability of the positive class of two, which is predicted from a threshold on. It
// fails as Add does.
func (c *Classes) AddScore(label string, probability, threshold float64) error {
	positive, other := c.names[c.positive], c.names[1-c.positive]
	if c.both == nil {
		c.both = map[string]float64{}
	}
	c.both[positive], c.both[other] = probability, 1-probability
	answer := Answer{Class: other, Probabilities: c.both}
	if probability >= threshold {
		answer.Class = positive
	}
	return c.Add(label, &answer)
}
