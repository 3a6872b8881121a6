package rpccbor

// members are the members of a service's answers whose type JSON does not show, by their names. No name stands for two
// types within a service.
type members struct{ times, blobs []string }

// services are those whose SDKs speak CBOR today, by the names of their shapes (botocore's service models whose
// "protocols" have smithy-rpc-v2-cbor). All of them speak awsJson too.
var services = map[string]members{
	"ArcRegionSwitch": {times: []string{
		"endTime", "lastEvaluationTime", "reportGenerationTime", "startTime", "timestamp", "updatedAt", "warningUpdatedTime",
	}},
	"AWSIESnowballJobManagementService": {times: []string{
		"CreationDate", "ExpirationDate", "IdentificationExpirationDate", "LongTermPricingEndDate",
		"LongTermPricingStartDate",
	}},
	"AWSMPEntitlementService":    {times: []string{"ExpirationDate"}},
	"ComprehendMedical_20181030": {times: []string{"EndTime", "ExpirationTime", "SubmitTime"}},
	"ComputeOptimizerAutomationService": {times: []string{
		"completedTimestamp", "createdTimestamp", "endTimeExclusive", "lastUpdatedTimestamp", "startTimeInclusive",
		"startTimestamp",
	}},
	"ComputeOptimizerService": {times: []string{
		"creationTimestamp", "lastRefreshTimestamp", "lastUpdatedTimestamp", "timestamps",
	}},
	"GameLift": {times: []string{
		"CreationTime", "EndTime", "EventTime", "Expiration", "ExpirationTime", "ExpirationTimestamp", "LastClaimTime",
		"LastHealthCheckTime", "LastUpdatedTime", "RegistrationTime", "StartTime", "TerminationTime",
	}},
	"GraniteServiceVersion20100801": {
		times: []string{
			"AlarmConfigurationUpdatedTimestamp", "CreationDate", "EndTime", "ExpireDate", "LastModified", "LastUpdateDate",
			"LastUpdatedTimestamp", "StartDate", "StartTime", "StateTransitionedTimestamp", "StateUpdatedTimestamp",
			"Timestamp", "Timestamps",
		},
		blobs: []string{"MetricWidgetImage"},
	},
	"Interconnect": {},
}

// membersOf is the members of a service; none of one that is not known.
func membersOf(service string) members { return services[service] }
