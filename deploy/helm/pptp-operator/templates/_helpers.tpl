{{/* The name of the release's objects. */}}
{{- define "pptp.name" -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{- define "pptp.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "pptp.name" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{/* What selects the operator's pods. NetworkPolicies of servers let in pods with this name. */}}
{{- define "pptp.selector" -}}
app.kubernetes.io/name: pptp-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "pptp.labels" -}}
{{ include "pptp.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* An image's full name; takes a list of the image's values and the root. */}}
{{- define "pptp.image" -}}
{{- $image := index . 0 -}}
{{- $root := index . 1 -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default $root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Watched namespaces with commas between them; nothing stands for all. */}}
{{- define "pptp.watched" -}}
{{- if eq .Values.watch "own" -}}
{{ .Release.Namespace }}
{{- else if ne .Values.watch "all" -}}
{{ .Values.watch }}
{{- end -}}
{{- end -}}
