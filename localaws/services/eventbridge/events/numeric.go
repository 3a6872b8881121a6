package events

import "encoding/json"

// maxNumber bounds the numbers in patterns (EventBridge user guide, "Numeric matching").
const maxNumber = 5e9

// comparisons are the tests of numbers by their sign.
var comparisons = map[string]func(value, wanted float64) bool{
	"=":  func(value, wanted float64) bool { return value == wanted },
	"<":  func(value, wanted float64) bool { return value < wanted },
	"<=": func(value, wanted float64) bool { return value <= wanted },
	">":  func(value, wanted float64) bool { return value > wanted },
	">=": func(value, wanted float64) bool { return value >= wanted },
}

// numeric reads a comparison, or two that make a range, such as [">", 0, "<=", 5].
func numeric(argument any) (func(any) bool, error) {
	list, _ := argument.([]any)
	if len(list) != 2 && len(list) != 4 {
		return nil, badPattern("numeric match pattern must have one or two comparisons")
	}
	var tests []func(float64) bool
	for i := 0; i < len(list); i += 2 {
		sign, _ := list[i].(string)
		compare, known := comparisons[sign]
		if !known {
			return nil, badPattern("Unrecognized numeric range operator: %v", list[i])
		}
		wanted, ok := number(list[i+1])
		if !ok || wanted < -maxNumber || wanted > maxNumber {
			return nil, badPattern("Value of %s must be numeric, from -5.0e9 to 5.0e9", sign)
		}
		tests = append(tests, func(value float64) bool { return compare(value, wanted) })
	}
	return func(value any) bool {
		n, ok := number(value)
		if !ok {
			return false
		}
		for _, test := range tests {
			if !test(n) {
				return false
			}
		}
		return true
	}, nil
}

func number(value any) (float64, bool) {
	digits, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := digits.Float64()
	return n, err == nil
}
