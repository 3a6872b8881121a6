// Package measure is the folder of what is measured of endpoints and batches: answers, alarms, load, quality. It knows
// live, stacks and releases, and nothing of the engine and of delivery.
package measure
