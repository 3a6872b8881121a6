package model

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

const lmi = "763104351884.dkr.ecr.cn-north-1.amazonaws.com.cn/djl-inference:0.33.0-lmi15.0.0-cu128"

func TestWhatAContainerLoadsItselfNeedsANetwork(t *testing.T) {
	t.Parallel()
	const (
		hub = ` is loaded from the Hugging Face Hub when the container starts, which networkIsolation forbids: set ` +
			"networkIsolation to false, or copy the model to Amazon S3 and give it by artifactPrefix; " +
			"if the image holds the model, set HF_HUB_OFFLINE to 1"
		bucket = " is loaded from Amazon S3 by the container, which networkIsolation forbids: set networkIsolation to " +
			"false, or let SageMaker bring it, by artifact or artifactPrefix"
		beyond = " is loaded from the Hugging Face Hub when the container starts, to which the network does not lead: " +
			"give network.natGateways, set joinNetwork to false, or copy the model to Amazon S3 and give it by artifactPrefix"
	)
	closed := Rules{Network: true, NoInternet: true}
	for _, test := range []struct {
		title    string
		c        Container
		isolated bool
		rules    Rules
		want     string
	}{
		{
			"a model of the hub", environment("HF_MODEL_ID", "meta-llama/Llama-3.1-8B"), true,
			Rules{},
			`HF_MODEL_ID: "meta-llama/Llama-3.1-8B"` + hub,
		},
		{"one without an owner", environment("HF_MODEL_ID", "gpt2"), true, Rules{}, `HF_MODEL_ID: "gpt2"` + hub},
		{"by LMI", environment("OPTION_MODEL_ID", "a/b"), true, Rules{}, `OPTION_MODEL_ID: "a/b"` + hub},
		{"by vLLM", environment("SM_VLLM_MODEL", "a/b"), true, Rules{}, `SM_VLLM_MODEL: "a/b"` + hub},
		{"by SGLang", environment("SM_SGLANG_MODEL_PATH", "a/b"), true, Rules{}, `SM_SGLANG_MODEL_PATH: "a/b"` + hub},
		{"a folder of the container", environment("HF_MODEL_ID", "/opt/ml/model"), true, Rules{}, ""},
		{"a folder beside the program", environment("HF_MODEL_ID", "./model"), true, Rules{}, ""},
		{"an artifact", with("artifactPrefix", "HF_MODEL_ID", "a/b"), true, Rules{}, ""},
		{
			"an artifact, which vLLM passes over", with("artifactPrefix", "SM_VLLM_MODEL", "a/b"), true,
			Rules{},
			`SM_VLLM_MODEL: "a/b"` + hub,
		},
		{"a model in the image", environment("HF_MODEL_ID", "a/b", "HF_HUB_OFFLINE", "1"), true, Rules{}, ""},
		{
			"one in the image, by the old name", environment("HF_MODEL_ID", "a/b", "TRANSFORMERS_OFFLINE", "yes"), true,
			Rules{},
			"",
		},
		{
			"offline switched off", environment("HF_MODEL_ID", "a/b", "HF_HUB_OFFLINE", "0"), true,
			Rules{},
			`HF_MODEL_ID: "a/b"` + hub,
		},
		{
			"a bucket", environment("OPTION_MODEL_ID", "s3://models/llama/"), true,
			Rules{},
			`OPTION_MODEL_ID: "s3://models/llama/"` + bucket,
		},
		{
			"code in a bucket", with("artifact", "SAGEMAKER_SUBMIT_DIRECTORY", "s3://b/c.tar.gz"), true,
			Rules{},
			`SAGEMAKER_SUBMIT_DIRECTORY: "s3://b/c.tar.gz"` + bucket,
		},
		{"code in the archive", environment("SAGEMAKER_SUBMIT_DIRECTORY", "/opt/ml/model/code"), true, Rules{}, ""},
		{"a task, which is no model", environment("HF_TASK", "text-generation"), true, Rules{}, ""},
		{"a variable of one's own", environment("MODEL_NAME", "team/flowers"), true, Rules{}, ""},
		{"a network", environment("HF_MODEL_ID", "a/b"), false, Rules{}, ""},
		{"a network without a way out", environment("HF_MODEL_ID", "a/b"), false, closed, `HF_MODEL_ID: "a/b"` + beyond},
		{"a bucket, to which every network leads", environment("HF_MODEL_ID", "s3://b/c/"), false, closed, ""},
		{"a network with a way out", environment("HF_MODEL_ID", "a/b"), false, Rules{Network: true}, ""},
	} {
		at := check.New("")
		test.c.checkDownloads(at, test.isolated, test.rules)
		assert.Equal(t, test.want, at.Problems().Error(), test.title)
	}
}

func TestAStockContainerTakesTheARNOfASecretForTheToken(t *testing.T) {
	t.Parallel()
	for _, name := range tokens {
		c := environment("HF_MODEL_ID", "meta-llama/Llama-3.1-8B", name, arn)
		at := check.New("")
		c.Image = lmi
		c.checkDownloads(at, false, Rules{})
		assert.EqualError(t, at.Err(), name+": is the ARN of a secret, which the container of djl-inference takes for the "+
			"token itself: it does not ask AWS Secrets Manager; copy the model to Amazon S3 and give it by artifactPrefix")

		// An image of one's own may well ask.
		at = check.New("")
		c.Image = image
		c.checkDownloads(at, false, Rules{})
		assert.NoError(t, at.Err())
	}
}

// environment is a container with these variables: names and values in turn.
func environment(pairs ...string) Container {
	c := Container{Image: image, Environment: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		c.Environment[pairs[i]] = pairs[i+1]
	}
	return c
}

// with is one that has data, too.
func with(key, name, value string) Container {
	c := environment(name, value)
	if key == "artifact" {
		c.Artifact = "s3://models/model.tar.gz"
	} else {
		c.ArtifactPrefix = "s3://models/llama/"
	}
	return c
}
