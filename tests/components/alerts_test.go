package components_test

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/alarms"
	"sagehost/components/alerts"
	"sagehost/tests/harness"
)

const (
	keyType          = "aws:kms/key:Key"
	topicType        = "aws:sns/topic:Topic"
	topicPolicyType  = "aws:sns/topicPolicy:TopicPolicy"
	subscriptionType = "aws:sns/topicSubscription:TopicSubscription"
)

const (
	topic     = "arn:aws-cn:test:cn-north-1:123456789012:ops-topic"
	keyPolicy = `{
		"Version": "2012-10-17",
		"Statement": [{
			"Sid": "AccountAdministers", "Effect": "Allow", "Action": ["kms:*"], "Resource": ["*"],
			"Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"}
		}, {
			"Sid": "AlarmsEncrypt", "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": ["*"],
			"Principal": {"Service": "cloudwatch.amazonaws.com"},
			"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}
		}]
	}`
	topicPolicy = `{
		"Version": "2012-10-17",
		"Statement": [{
			"Sid": "AlarmsPublish", "Effect": "Allow", "Action": ["sns:Publish"], "Resource": ["` + topic + `"],
			"Principal": {"Service": "cloudwatch.amazonaws.com"},
			"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}
		}, {
			"Sid": "DenyWithoutTLS", "Effect": "Deny", "Resource": ["` + topic + `"], "Action": [
				"sns:AddPermission", "sns:DeleteTopic", "sns:GetDataProtectionPolicy", "sns:GetTopicAttributes",
				"sns:ListSubscriptionsByTopic", "sns:ListTagsForResource", "sns:Publish", "sns:PutDataProtectionPolicy",
				"sns:RemovePermission", "sns:SetTopicAttributes", "sns:Subscribe"
			],
			"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}
		}]
	}`
)

func newAlerts(emails ...string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := alerts.New(ctx, "ops", &alerts.Args{Spec: alerts.Spec{Emails: emails}, Tags: tags})
		return err
	}
}

func TestAlertsAreAnEncryptedTopicWithSubscribers(t *testing.T) {
	t.Parallel()
	program := newAlerts("a@example.com", "b@example.com")
	known := declaration{
		alerts.Type + " ops": `{"emails": ["a@example.com", "b@example.com"]}`,
		keyType + " ops": `{
			"description": "Encrypts the alarm topic ops", "enableKeyRotation": true, "deletionWindowInDays": 30,
			"policy": ` + keyPolicy + `, ` + wantTags + `
		}`,
	}
	t.Run("when they are created", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, program)
		requireUnder(t, graph, alerts.Type)
		want := declaration{
			topicType + " ops": `{
				"kmsMasterKeyId": "arn:aws-cn:test:cn-north-1:123456789012:ops-key", ` + wantTags + `
			}`,
			topicPolicyType + " ops": `{"arn": "` + topic + `", "policy": ` + topicPolicy + `}`,
			subscriptionType + " ops.a@example.com": `{
				"topic": "` + topic + `", "protocol": "email", "endpoint": "a@example.com"
			}`,
			subscriptionType + " ops.b@example.com": `{
				"topic": "` + topic + `", "protocol": "email", "endpoint": "b@example.com"
			}`,
		}
		maps.Copy(want, known)
		requireDeclares(t, graph, want)
	})
	t.Run("in a preview", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, program, harness.Preview())
		requireUnder(t, graph, alerts.Type)
		want := declaration{
			topicType + " ops":       `{"kmsMasterKeyId": ` + unknown + `, ` + wantTags + `}`,
			topicPolicyType + " ops": `{"arn": ` + unknown + `, "policy": ` + unknown + `}`,
			subscriptionType + " ops.a@example.com": `{
				"topic": ` + unknown + `, "protocol": "email", "endpoint": "a@example.com"
			}`,
			subscriptionType + " ops.b@example.com": `{
				"topic": ` + unknown + `, "protocol": "email", "endpoint": "b@example.com"
			}`,
		}
		maps.Copy(want, known)
		requireDeclares(t, graph, want)
	})
}

func TestAGivenKeyTakesThePlaceOfTheTopicsOwn(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		_, err := alerts.New(ctx, "ops", &alerts.Args{KMSKeyARN: pulumi.String(stackKey), Tags: tags})
		return err
	})
	requireUnder(t, graph, alerts.Type)
	requireDeclares(t, graph, declaration{
		alerts.Type + " ops":     `{"emails": []}`,
		topicType + " ops":       `{"kmsMasterKeyId": "` + stackKey + `", ` + wantTags + `}`,
		topicPolicyType + " ops": `{"arn": "` + topic + `", "policy": ` + topicPolicy + `}`,
	})
}

func TestTheTopicAndItsKeyAreOutputs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		given pulumi.StringInput
		want  string
	}{
		{"a key of its own", nil, "arn:aws-cn:test:cn-north-1:123456789012:ops-key"},
		{"a given key", pulumi.String(stackKey), stackKey},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, func(ctx *pulumi.Context) error {
				created, err := alerts.New(ctx, "ops", &alerts.Args{KMSKeyARN: test.given, Tags: tags})
				if err != nil {
					return err
				}
				ctx.Export("alerts", pulumi.Array{created.TopicARN, created.KeyARN})
				return nil
			})
			assert.Equal(t, map[string]any{"alerts": []any{topic, test.want}}, graph.Exports)
		})
	}
}

func TestATopicCanBeWithoutSubscribers(t *testing.T) {
	t.Parallel()
	assert.Equal(t, map[string]int{alerts.Type: 1, keyType: 1, topicType: 1, topicPolicyType: 1},
		harness.Run(t, newAlerts()).Counts())
}

func TestNoAlarmGoesOffBeforeItMayPublish(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		created, err := alerts.New(ctx, "ops", &alerts.Args{Tags: tags})
		if err != nil {
			return err
		}
		_, err = alarms.New(ctx, "flowers", &alarms.Args{
			EndpointName: "flowers-test", Variants: []alarms.Variant{{Name: "main", InstanceType: "ml.m5.large"}},
			TopicARN: created.TopicARN, Tags: tags,
		})
		return err
	})
	all := graph.All(alarmType)
	require.Len(t, all, 7)
	for _, alarm := range all {
		assert.Contains(t, alarm.Dependencies, graph.One(t, topicPolicyType).URN, alarm.URN)
	}
}

func TestAlertsThatReachNobodyAreRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newAlerts("on-call", "a@example.com", "a@example.com"),
		`alerts "ops": emails[0]: "on-call" is not an e-mail address`,
		`emails[2]: "a@example.com" stands at emails[1] too`)
}
