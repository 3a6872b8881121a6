// Package alerts declares the topic to which alarms report.
package alerts

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the topic.
const Type = "sagehost:alerts:Alerts"

// Spec is what a user decides about alerts.
type Spec struct {
	// Emails are the addresses to notify; each must confirm the subscription that AWS mails to it. Default: none, the
	// topic is there for others to subscribe to.
	Emails []string `json:"emails"`
}

// emailAddress is a rough form: AWS's own mail finds out whether the address works.
var emailAddress = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	for i, email := range s.Emails {
		if !emailAddress.MatchString(email) {
			at.Key("emails").Index(i).Addf("%q is not an e-mail address", email)
		}
	}
	at.Key("emails").Unique("", s.Emails)
}

// Args configures Alerts.
type Args struct {
	Spec

	// KMSKeyARN is the key that encrypts the topic. Its policy must let this account's alarms use it, through
	// cloudwatch.amazonaws.com; what they say is lost otherwise. Default: a key that is made for the topic.
	KMSKeyARN pulumi.StringInput

	// Tags are added to topic and key, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Alerts is an encrypted topic with its subscriptions, and its key unless it was given one.
type Alerts struct {
	pulumi.ResourceState

	// TopicARN is the topic's ARN, for use as an alarm's action.
	TopicARN pulumi.StringOutput `pulumi:"topicArn"`
	// KeyARN is the ARN of the key that encrypts the topic: whoever publishes must be allowed to use it.
	KeyARN pulumi.StringOutput `pulumi:"keyArn"`
}

// New creates the topic. If it is given no key it gets one of its own, because CloudWatch cannot publish under the key
// that AWS manages for SNS: its alarms would fire and nobody would hear of it.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Alerts, error) {
	at := check.New("")
	args.Check(at)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("alerts %q: %w", name, err)
	}
	a := &Alerts{}
	props := pulumi.Map{"emails": pulumi.ToStringArray(args.Emails)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, a, opts...); err != nil {
		return nil, fmt.Errorf("alerts %q: %w", name, err)
	}
	here := account.Of(ctx, a)
	key, err := topicKey(ctx, name, args, here, pulumi.Parent(a))
	if err != nil {
		return nil, fmt.Errorf("alerts %q: key: %w", name, err)
	}
	topic, err := sns.NewTopic(ctx, name, &sns.TopicArgs{
		KmsMasterKeyId: key,
		Tags:           args.Tags,
	}, pulumi.Parent(a))
	if err != nil {
		return nil, fmt.Errorf("alerts %q: topic: %w", name, err)
	}
	policy, err := sns.NewTopicPolicy(ctx, name, &sns.TopicPolicyArgs{
		Arn:    topic.Arn,
		Policy: topicPolicy(topic, here),
	}, pulumi.Parent(a))
	if err != nil {
		return nil, fmt.Errorf("alerts %q: topic policy: %w", name, err)
	}
	for _, email := range args.Emails {
		if _, err := sns.NewTopicSubscription(ctx, name+"."+email, &sns.TopicSubscriptionArgs{
			Topic:    topic.Arn,
			Protocol: pulumi.String("email"),
			Endpoint: pulumi.String(email),
		}, pulumi.Parent(a)); err != nil {
			return nil, fmt.Errorf("alerts %q: subscription of %s: %w", name, email, err)
		}
	}
	// An alarm that goes off before the policy is there would not be let in.
	a.TopicARN, a.KeyARN = policy.Arn, key
	return a, ctx.RegisterResourceOutputs(a, pulumi.Map{"topicArn": a.TopicARN, "keyArn": a.KeyARN})
}

// topicActions are all that the policy of a topic can be about. Amazon SNS refuses "sns:*" there, which takes in
// actions on other things than topics (its developer guide, "Amazon SNS API permissions: Actions and resources
// reference").
var topicActions = []string{
	"sns:AddPermission", "sns:DeleteTopic", "sns:GetDataProtectionPolicy", "sns:GetTopicAttributes",
	"sns:ListSubscriptionsByTopic", "sns:ListTagsForResource", "sns:Publish", "sns:PutDataProtectionPolicy",
	"sns:RemovePermission", "sns:SetTopicAttributes", "sns:Subscribe",
}

// topicPolicy lets this account's alarms publish, and nobody without TLS.
func topicPolicy(topic *sns.Topic, here account.Account) pulumi.StringOutput {
	resources := []pulumi.StringInput{topic.Arn}
	return iampolicy.Document(
		iampolicy.Statement{
			Sid:        "AlarmsPublish",
			Principal:  pulumi.StringMap{"Service": pulumi.String("cloudwatch.amazonaws.com")},
			Actions:    []string{"sns:Publish"},
			Resources:  resources,
			Conditions: map[string]pulumi.StringMap{"StringEquals": {"aws:SourceAccount": here.ID}},
		},
		iampolicy.Statement{
			Sid:        "DenyWithoutTLS",
			Deny:       true,
			Anyone:     true,
			Actions:    slices.Clone(topicActions),
			Resources:  resources,
			Conditions: map[string]pulumi.StringMap{"Bool": {"aws:SecureTransport": pulumi.String("false")}},
		},
	)
}
