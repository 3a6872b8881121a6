package awsprovider

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unprefixed are the modules whose name is no part of the Terraform names.
var unprefixed = map[string]bool{"ec2": true, "index": true}

// suffixes are what pulumi-aws adds to the names of a module's types: S3 has had its resources twice.
var suffixes = map[string]string{"s3": "V2"}

// renamed are the types whose names do not follow from Terraform's, with the name that the bridge makes of that.
var renamed = map[string]string{
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws:index/iamOpenidConnectProvider:IamOpenidConnectProvider",
	"aws:s3/bucketObjectv2:BucketObjectv2":                "aws:index/s3Object:S3Object",
}

// bridgeToken is the bridge's name of a pulumi-aws resource type or function. It puts all into one module and the
// Terraform name in camel case: "aws:sagemaker/model:Model" is "aws:index/sagemakerModel:SagemakerModel". Tokens of
// other packages and of the provider itself stay as they are.
func bridgeToken(token string) string {
	if there, ok := renamed[token]; ok {
		return there
	}
	parts := strings.Split(token, ":")
	if len(parts) != 3 || parts[0] != "aws" {
		return token
	}
	module, _, _ := strings.Cut(parts[1], "/")
	name, function := strings.CutPrefix(strings.TrimSuffix(parts[2], suffixes[module]), "get")
	if !unprefixed[module] {
		name = withFirst(module, unicode.ToUpper) + name
	}
	if function {
		return "aws:index/get" + name + ":get" + name
	}
	return "aws:index/" + withFirst(name, unicode.ToLower) + ":" + name
}

// withFirst changes the first letter of a name.
func withFirst(name string, change func(rune) rune) string {
	if name == "" {
		return name
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(change(first)) + name[size:]
}

// typeOf is the type of the resource that a URN names: the last of the chain of its parents' types.
func typeOf(urn string) string {
	start, end := typeSpan(urn)
	return urn[start:end]
}

// bridgeURN is the URN with the bridge's name of the resource's own type. The parents' types stay.
func bridgeURN(urn string) string {
	start, end := typeSpan(urn)
	return urn[:start] + bridgeToken(urn[start:end]) + urn[end:]
}

// typeSpan finds the last type in "urn:pulumi:<stack>::<project>::<parent$type>::<name>". A name may hold any of the
// separators, so the fields are counted from the left.
func typeSpan(urn string) (start, end int) {
	for range 2 {
		i := strings.Index(urn[start:], "::")
		if i < 0 {
			return 0, 0
		}
		start += i + len("::")
	}
	i := strings.Index(urn[start:], "::")
	if i < 0 {
		return 0, 0
	}
	end = start + i
	return start + strings.LastIndexByte(urn[start:end], '$') + 1, end
}
