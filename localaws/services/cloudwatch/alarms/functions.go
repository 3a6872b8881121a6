package alarms

import (
	"math"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// operators are of two values. A missing one makes the result missing.
var operators = map[string]func([]float64) float64{
	"+":   both(func(a, b float64) float64 { return a + b }),
	"-":   both(func(a, b float64) float64 { return a - b }),
	"*":   both(func(a, b float64) float64 { return a * b }),
	"/":   both(func(a, b float64) float64 { return a / b }),
	"^":   both(math.Pow),
	">":   both(func(a, b float64) float64 { return truth(a > b) }),
	">=":  both(func(a, b float64) float64 { return truth(a >= b) }),
	"<":   both(func(a, b float64) float64 { return truth(a < b) }),
	"<=":  both(func(a, b float64) float64 { return truth(a <= b) }),
	"==":  both(func(a, b float64) float64 { return truth(a == b) }),
	"!=":  both(func(a, b float64) float64 { return truth(a != b) }),
	"and": both(func(a, b float64) float64 { return truth(a != 0 && b != 0) }),
	"&&":  both(func(a, b float64) float64 { return truth(a != 0 && b != 0) }),
	"or":  both(func(a, b float64) float64 { return truth(a != 0 || b != 0) }),
	"||":  both(func(a, b float64) float64 { return truth(a != 0 || b != 0) }),
}

func both(apply func(a, b float64) float64) func([]float64) float64 {
	return func(values []float64) float64 {
		if slices.ContainsFunc(values, math.IsNaN) {
			return math.NaN()
		}
		return apply(values[0], values[1])
	}
}

// truth is how CloudWatch writes what is true or not.
func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// perPeriod are the functions of a value in each period.
var perPeriod = map[string]func(float64) float64{"ABS": math.Abs, "CEIL": math.Ceil, "FLOOR": math.Floor}

// aggregates are the functions that make one value of several. They are given no missing ones, and at least one.
var aggregates = map[string]func([]float64) float64{
	"MAX": slices.Max[[]float64],
	"MIN": slices.Min[[]float64],
	"SUM": sum,
	"AVG": func(values []float64) float64 { return sum(values) / float64(len(values)) },
}

func sum(values []float64) float64 {
	var total float64
	for _, value := range values {
		total += value
	}
	return total
}

// present leaves missing values out before it aggregates.
func present(aggregate func([]float64) float64) func([]float64) float64 {
	return func(values []float64) float64 {
		values = slices.DeleteFunc(slices.Clone(values), math.IsNaN)
		if len(values) == 0 {
			return math.NaN()
		}
		return aggregate(values)
	}
}

// call evaluates a function.
func (s *sheet) call(n *ast.CallNode) (result, error) {
	name := n.Callee.String()
	arguments := len(n.Arguments)
	apply, isPerPeriod := perPeriod[name]
	aggregate, isAggregate := aggregates[name]
	switch {
	case isPerPeriod && arguments == 1:
		return s.each(n.Arguments, func(v []float64) float64 { return apply(v[0]) })
	case isAggregate && arguments == 1:
		return s.aggregate(n.Arguments[0], present(aggregate))
	case name == "IF" && (arguments == 2 || arguments == 3):
		return s.each(n.Arguments, choose)
	case name == "FILL" && arguments == 2:
		return s.fill(n.Arguments[0], n.Arguments[1])
	case isPerPeriod || isAggregate || name == "IF" || name == "FILL":
		return result{}, unsupportedf("%d arguments of function %s", arguments, name)
	default:
		return result{}, unsupportedf("function %s", name)
	}
}

// choose is IF: the second value when the first is not 0, else the third, which is missing by default.
func choose(values []float64) float64 {
	switch {
	case math.IsNaN(values[0]):
		return math.NaN()
	case values[0] != 0:
		return values[1]
	case len(values) == 3:
		return values[2]
	default:
		return math.NaN()
	}
}

// aggregate makes a series of a list of series, and a number of a single one.
func (s *sheet) aggregate(argument ast.Node, apply func([]float64) float64) (result, error) {
	if list, ok := argument.(*ast.ArrayNode); ok {
		return s.each(list.Nodes, apply)
	}
	of, err := s.node(argument)
	if err != nil || of.series == nil {
		return of, err
	}
	return result{number: finite(apply(of.series))}, nil
}

// fill replaces missing values by others, or by the last one before them when told to REPEAT.
func (s *sheet) fill(of, by ast.Node) (result, error) {
	if name, ok := by.(*ast.IdentifierNode); !ok || name.Value != "REPEAT" {
		return s.each([]ast.Node{of, by}, func(v []float64) float64 {
			if math.IsNaN(v[0]) {
				return v[1]
			}
			return v[0]
		})
	}
	last := math.NaN()
	return s.each([]ast.Node{of}, func(v []float64) float64 {
		if !math.IsNaN(v[0]) {
			last = v[0]
		}
		return last
	})
}
