package access

// bounded is for roles with the stack's permissions boundary: what is made, and what has it.
func bounded() map[string]map[string]string {
	return map[string]map[string]string{"StringEquals": {"iam:PermissionsBoundary": "arn:{partition}:" + boundary}}
}

// identity is for roles and policies of the stack.
func identity() []Grant {
	types := []string{role, rolePolicy}
	return append([]Grant{
		{
			Sid: "Roles", Types: types, Resources: []string{roles},
			Actions: []string{
				"iam:DeleteRole", "iam:DeleteRolePolicy", "iam:GetRole", "iam:GetRolePolicy",
				"iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies",
				"iam:ListRoleTags", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
				"iam:UpdateRoleDescription",
			},
		},
		{
			Sid: "BoundedRoles", Types: types, Resources: []string{roles}, Conditions: bounded(),
			Actions: []string{"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"},
		},
		{
			// A model names the role that SageMaker is to assume.
			Sid: "PassRolesToSageMaker", Types: []string{model}, Resources: []string{roles},
			Actions:    []string{"iam:PassRole"},
			Conditions: map[string]map[string]string{"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
		},
		{
			Sid: "Policies", Types: []string{policy}, Resources: []string{policies},
			Actions: []string{
				"iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion",
				"iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:TagPolicy", "iam:UntagPolicy",
			},
		},
		{
			// Policies of this stack only: AWS's own include one that allows everything.
			Sid: "PolicyAttachments", Types: []string{policyAttachment}, Resources: []string{roles},
			Actions: []string{"iam:AttachRolePolicy"},
			Conditions: merged(bounded(), map[string]map[string]string{
				"ArnLike": {"iam:PolicyARN": "arn:{partition}:" + policies},
			}),
		},
		{
			Sid: "PolicyDetachments", Types: []string{policyAttachment}, Resources: []string{roles},
			Actions: []string{"iam:DetachRolePolicy"},
		},
		{
			// A stack's roles have this boundary by default where there is one.
			Sid: "FindBoundary", Types: []string{role}, Resources: []string{boundary},
			Actions: []string{"iam:GetPolicy", "iam:GetPolicyVersion"},
		},
	}, limits()...)
}

// limits keep the boundary on every role: one gets it when it is made or before it gets rights, and keeps it. What is
// denied here is denied whatever else the deployer is given. The requests named here have the condition key
// (Service Authorization Reference, "Actions, resources, and condition keys for AWS IAM").
func limits() []Grant {
	types := []string{role, rolePolicy}
	unbounded := map[string]map[string]string{
		"StringNotEquals": {"iam:PermissionsBoundary": "arn:{partition}:" + boundary},
	}
	return []Grant{
		{
			Sid: "NoRoleWithoutBoundary", Deny: true, Types: types, Resources: []string{"iam::{account}:role/*"},
			Actions: []string{
				"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy",
			},
			Conditions: unbounded,
		},
		{
			Sid: "KeepBoundary", Deny: true, Types: types,
			Resources: []string{"iam::{account}:policy" + boundaryPath + "*", "iam::{account}:role/*"},
			Actions: []string{
				"iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion",
				"iam:DeleteRolePermissionsBoundary", "iam:SetDefaultPolicyVersion", "iam:TagPolicy", "iam:UntagPolicy",
			},
		},
		{
			// Whoever may say whom a role trusts must not become that role.
			Sid: "AssumeNothing", Deny: true, Types: types, Resources: []string{"iam::{account}:role/*"},
			Actions: []string{"sts:AssumeRole"},
		},
	}
}
