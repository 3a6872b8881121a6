package alarms

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// maxExpression is the longest expression, in bytes (MetricDataQuery).
const maxExpression = 2048

// result is what an expression comes to: a number, or a value for each period, NaN where there is none.
type result struct {
	number float64
	series []float64
}

func (r result) at(slot int) float64 {
	if r.series == nil {
		return r.number
	}
	return r.series[slot]
}

// sheet is the queries of an alarm, which refer to each other by their ids.
type sheet struct {
	queries map[string]types.MetricDataQuery
	slots   int
	metric  func(types.MetricStat) ([]datum, error)
	results map[string]result
	// open are the queries whose expressions are being evaluated.
	open []string
}

// result is what a query comes to.
func (s *sheet) result(id string) (result, error) {
	if known, ok := s.results[id]; ok {
		return known, nil
	}
	query, ok := s.queries[id]
	if !ok {
		return result{}, unsupportedf("expressions refer to %q, which is no id of a query", id)
	}
	if slices.Contains(s.open, id) {
		return result{}, unsupportedf("expression %q refers to itself", id)
	}
	s.open = append(s.open, id)
	found, err := s.query(query)
	s.open = s.open[:len(s.open)-1]
	if err == nil {
		s.results[id] = found
	}
	return found, err
}

func (s *sheet) query(query types.MetricDataQuery) (result, error) {
	if query.MetricStat == nil {
		return s.expression(aws.ToString(query.Expression))
	}
	data, err := s.metric(*query.MetricStat)
	if err != nil {
		return result{}, err
	}
	series := make([]float64, s.slots)
	for slot := range series {
		series[slot] = data[slot].value
	}
	return result{series: series}, nil
}

// wordOperators are operators that the parser knows in small letters only.
var wordOperators = regexp.MustCompile(`\b(AND|OR)\b`)

func (s *sheet) expression(text string) (result, error) {
	if len(text) > maxExpression {
		return result{}, unsupportedf("an expression of %d bytes", len(text))
	}
	tree, err := parser.Parse(wordOperators.ReplaceAllStringFunc(text, strings.ToLower))
	if err != nil {
		return result{}, unsupportedf("expression %q: %s", text, firstLine(err))
	}
	return s.node(tree.Node)
}

// firstLine leaves out the picture that follows the parser's messages.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func (s *sheet) node(node ast.Node) (result, error) {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return result{number: float64(n.Value)}, nil
	case *ast.FloatNode:
		return result{number: n.Value}, nil
	case *ast.IdentifierNode:
		return s.result(n.Value)
	case *ast.UnaryNode:
		sign := map[string]float64{"-": -1, "+": 1}[n.Operator]
		if sign == 0 {
			return result{}, unsupportedf("operator %q", n.Operator)
		}
		return s.each([]ast.Node{n.Node}, func(v []float64) float64 { return sign * v[0] })
	case *ast.BinaryNode:
		operator, ok := operators[n.Operator]
		if !ok {
			return result{}, unsupportedf("operator %q", n.Operator)
		}
		return s.each([]ast.Node{n.Left, n.Right}, operator)
	case *ast.CallNode:
		return s.call(n)
	default:
		return result{}, unsupportedf("%q in an expression", node.String())
	}
}

// each applies a function to what nodes come to in each period.
func (s *sheet) each(nodes []ast.Node, apply func([]float64) float64) (result, error) {
	arguments := make([]result, len(nodes))
	isSeries := false
	for i, node := range nodes {
		var err error
		if arguments[i], err = s.node(node); err != nil {
			return result{}, err
		}
		isSeries = isSeries || arguments[i].series != nil
	}
	values := make([]float64, len(nodes))
	at := func(slot int) float64 {
		for i, argument := range arguments {
			values[i] = argument.at(slot)
		}
		return finite(apply(values))
	}
	if !isSeries {
		return result{number: at(0)}, nil
	}
	series := make([]float64, s.slots)
	for slot := range series {
		series[slot] = at(slot)
	}
	return result{series: series}, nil
}

// finite makes infinity, which comes of dividing by zero, no data point.
func finite(value float64) float64 {
	if math.IsInf(value, 0) {
		return math.NaN()
	}
	return value
}
