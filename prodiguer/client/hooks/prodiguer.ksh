# prodiguer.ksh @VERSION@: says what a simulation does, from inside its jobs.
#
#     . /path/to/prodiguer.ksh
#     prodiguer_job_start accountingProject=gencmip6 jobWarningDelay=7200
#     prodiguer_period 12 18501201 18501231
#     prodiguer_job_end
#
# Runs unchanged under ksh93, mksh, bash and dash. It cannot harm the model: every function returns
# 0, prints nothing, survives `set -eu`, and touches no network: a detached process sends. Where
# none of PRODIGUER_SMTP, PRODIGUER_URL, PRODIGUER_SENDMAIL and PRODIGUER_SPOOL is set, nothing is
# done at all. docs/clients.md is the manual.

_prodiguer_version=@VERSION@
_prodiguer_home=${PRODIGUER_HOOKS:-@HOME@}
_prodiguer_open= _prodiguer_owner= _prodiguer_clock= _prodiguer_flushed=0 _prodiguer_family=1
_prodiguer_host=localhost
{ IFS= read -r _prodiguer_host </proc/sys/kernel/hostname; } 2>/dev/null || :
# Whatever JSON wants escaped. The line feed stands in the middle, where no shell strips it.
_prodiguer_escaped=$(printf '\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017\020')$(
    printf '\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037')
_prodiguer_tab=$(printf '\t')
_prodiguer_lf='
'

# --- what jobs call ---------------------------------------------------------------------------

# The run begins, and with it its first compute job: FIELD=VALUE… and card=FILE, its config.card.
prodiguer_simulation_start() { _prodiguer_do _prodiguer_begin_run "$@"; }
prodiguer_simulation_end() { _prodiguer_do _prodiguer_tell 0100 "$@"; }

# A compute job begins; ends, and the run goes on in a next one.
prodiguer_job_start() { _prodiguer_do _prodiguer_begin_job 1 1000 "$@"; }
prodiguer_job_end() { _prodiguer_do _prodiguer_tell 1100 "$@"; }

# A simulated period begins: NUMBER BEGIN END, dates as YYYYMMDD.
prodiguer_period() { _prodiguer_do _prodiguer_advance "$@"; }

# A command failed, the job goes on: COMMAND. The job dies. Both of whichever kind of job this is.
prodiguer_failed() { _prodiguer_do _prodiguer_fail "$@"; }
prodiguer_fatal() { _prodiguer_do _prodiguer_die "$@"; }

# A file was moved: ACTION MEGABYTES MILLISECONDS FROM TO.
prodiguer_transfer() { _prodiguer_do _prodiguer_moved "$@"; }

# A post-processing job begins: NAME and FIELD=VALUE…; ends; dies.
prodiguer_post_start() { _prodiguer_do _prodiguer_begin_post "$@"; }
prodiguer_post_end() { _prodiguer_do _prodiguer_tell 2100 "$@"; }
prodiguer_post_fatal() { _prodiguer_do _prodiguer_tell 2999 "$@"; }

# Any message: CODE FIELD=VALUE…
prodiguer_emit() { _prodiguer_do _prodiguer_note "$@"; }

# Have sent what waits, by a detached process; `prodiguer_flush wait` sends it in the foreground.
prodiguer_flush() { _prodiguer_do _prodiguer_send "$@"; }

# --- how --------------------------------------------------------------------------------------

# The only door: silent, successful, and without `set -e`, which a list with || switches off.
_prodiguer_do() {
    [ -n "${PRODIGUER_SMTP-}${PRODIGUER_URL-}${PRODIGUER_SENDMAIL-}${PRODIGUER_SPOOL-}" ] || return 0
    case $- in
        *x*) # mksh traces to where standard error was
            set +x
            { "$@"; } </dev/null >/dev/null 2>&1 || :
            set -x
            ;;
        *) { "$@"; } </dev/null >/dev/null 2>&1 || : ;;
    esac
    return 0
}

_prodiguer_begin_run() {
    _prodiguer_uuid && PRODIGUER_SIMUID=$_prodiguer_uid && export PRODIGUER_SIMUID
    _prodiguer_begin_job 1 0000 "$@"
}

_prodiguer_begin_job() {
    _prodiguer_family=$1
    shift
    _prodiguer_uuid && PRODIGUER_JOBUID=$_prodiguer_uid && export PRODIGUER_JOBUID
    _prodiguer_tell "$@"
}

_prodiguer_begin_post() {
    _prodiguer_name=${1-}
    [ "$#" -eq 0 ] || shift
    _prodiguer_begin_job 2 2000 "postProcessingName=$_prodiguer_name" "$@"
}

_prodiguer_fail() {
    _prodiguer_name=${1-}
    [ "$#" -eq 0 ] || shift
    _prodiguer_tell "${_prodiguer_family}900" "command=$_prodiguer_name" "$@"
}

_prodiguer_die() { _prodiguer_tell "${_prodiguer_family}999" "$@"; }

_prodiguer_advance() {
    [ "$#" -ge 3 ] || return 0
    _prodiguer_name=$1 _prodiguer_from=$2 _prodiguer_to=$3
    shift 3
    _prodiguer_note 1001 "CumulPeriod=$_prodiguer_name" "PeriodDateBegin=$_prodiguer_from" \
        "PeriodDateEnd=$_prodiguer_to" "$@"
}

_prodiguer_moved() {
    [ "$#" -ge 5 ] || return 0
    _prodiguer_name=$1 _prodiguer_size=$2 _prodiguer_time=$3 _prodiguer_from=$4 _prodiguer_to=$5
    shift 5
    _prodiguer_rate=$(awk "BEGIN { mb = ARGV[1]; ms = ARGV[2]
        printf(\"%.6f\", ms > 0 ? mb * 1000 / ms : 0) }" "$_prodiguer_size" "$_prodiguer_time")
    _prodiguer_note 7000 "actionName=$_prodiguer_name" "size_Mo=$_prodiguer_size" \
        "duration_ms=$_prodiguer_time" "throughput_Mo_s=$_prodiguer_rate" \
        "dirFrom=$_prodiguer_from" "dirTo=$_prodiguer_to" "$@"
}

# A message that somebody waits for: written down and sent at once.
_prodiguer_tell() {
    _prodiguer_write "$@" && _prodiguer_send
}

# One of many: written down, and sent with the others now and then.
_prodiguer_note() {
    _prodiguer_write "$@" || return 0
    _prodiguer_seconds=${_prodiguer_clock%?????????}
    if [ "$_prodiguer_flushed" -eq 0 ]; then
        _prodiguer_flushed=$_prodiguer_seconds
    elif [ $((_prodiguer_seconds - _prodiguer_flushed)) -ge "${PRODIGUER_FLUSH_EVERY:-30}" ]; then
        _prodiguer_send
    fi
}

_prodiguer_uuid() {
    IFS= read -r _prodiguer_uid </proc/sys/kernel/random/uuid || _prodiguer_uid=$(uuidgen)
}

# CODE FIELD=VALUE… as one line at the end of this process's batch. One fork: date.
_prodiguer_write() {
    _prodiguer_code=${1-} _prodiguer_json=
    [ "$#" -eq 0 ] || shift
    _prodiguer_uuid
    _prodiguer_clock=$(date -u '+%s%N %Y-%m-%dT%H:%M:%S.%NZ')
    _prodiguer_stamp=${_prodiguer_clock#* } _prodiguer_clock=${_prodiguer_clock%% *}
    _prodiguer_simuid=${PRODIGUER_SIMUID-} _prodiguer_jobuid=${PRODIGUER_JOBUID-}
    # Bytes, not characters: a name in Latin-1 must not confuse a shell that expects UTF-8.
    _prodiguer_locale=${LC_ALL-}
    LC_ALL=C
    for _prodiguer_field; do
        case $_prodiguer_field in
            msgUID=*) _prodiguer_uid=${_prodiguer_field#*=} ;;
            msgTimestamp=*) _prodiguer_stamp=${_prodiguer_field#*=} ;;
            simuid=*) _prodiguer_simuid=${_prodiguer_field#*=} ;;
            jobuid=*) _prodiguer_jobuid=${_prodiguer_field#*=} ;;
            card=*) _prodiguer_card "${_prodiguer_field#*=}" ;;
            ?*=*) _prodiguer_pair "${_prodiguer_field%%=*}" "${_prodiguer_field#*=}" ;;
        esac
    done
    # Those of the run are the latest that were named, so that each is named once.
    [ -z "$_prodiguer_jobuid" ] || _prodiguer_pair jobuid "$_prodiguer_jobuid"
    [ -z "$_prodiguer_simuid" ] || _prodiguer_pair simuid "$_prodiguer_simuid"
    _prodiguer_pair msgProducerVersion "${PRODIGUER_PRODUCER_VERSION:-$_prodiguer_version}"
    _prodiguer_pair msgProducer "${PRODIGUER_PRODUCER:-prodiguer}"
    _prodiguer_pair msgTimestamp "$_prodiguer_stamp"
    _prodiguer_pair msgUID "$_prodiguer_uid"
    _prodiguer_pair msgCode "$_prodiguer_code"
    if [ -n "$_prodiguer_locale" ]; then LC_ALL=$_prodiguer_locale; else unset LC_ALL; fi
    _prodiguer_batch && _prodiguer_line "{${_prodiguer_json%,}}" >>"$_prodiguer_open" && return 0
    _prodiguer_open= # a torn end must be the end of its file
    return 1
}

# The config card, unless it is no file or too large for a message: /dev/zero has no end, and who
# opens a named pipe waits for its writer.
_prodiguer_card() {
    [ -f "$1" ] && [ "$(wc -c <"$1")" -le 700000 ] || return 0
    _prodiguer_pair configuration "$(base64 -w 0 <"$1")"
}

_prodiguer_pair() {
    _prodiguer_quote "$2"
    _prodiguer_value=$_prodiguer_quoted
    _prodiguer_quote "$1"
    _prodiguer_json="\"$_prodiguer_quoted\":\"$_prodiguer_value\",$_prodiguer_json"
}

# The inside of a JSON string: what has to be escaped is, everything else stays, byte for byte.
_prodiguer_quote() {
    _prodiguer_quoted= _prodiguer_rest=$1
    case $1 in
        *[\"\\"$_prodiguer_escaped"]*) ;;
        *) _prodiguer_quoted=$1 && return 0 ;;
    esac
    # A shell copies all of the rest at each step: it would take minutes for a long one.
    if [ "${#1}" -gt 1000 ]; then
        _prodiguer_quote_at_once "$1"
        return 0
    fi
    while :; do
        _prodiguer_head=${_prodiguer_rest%%[\"\\"$_prodiguer_escaped"]*}
        _prodiguer_quoted=$_prodiguer_quoted$_prodiguer_head
        [ "$_prodiguer_head" != "$_prodiguer_rest" ] || return 0
        _prodiguer_rest=${_prodiguer_rest#"$_prodiguer_head"}
        case $_prodiguer_rest in
            \"*) _prodiguer_head=\\\" ;;
            \\*) _prodiguer_head=\\\\ ;;
            "$_prodiguer_lf"*) _prodiguer_head=\\n ;;
            "$_prodiguer_tab"*) _prodiguer_head=\\t ;;
            *) # rare, and a fork: of all such characters one
                _prodiguer_quote_at_once "$1"
                return 0
                ;;
        esac
        _prodiguer_quoted=$_prodiguer_quoted$_prodiguer_head
        _prodiguer_rest=${_prodiguer_rest#?}
    done
}

# The same by awk, in time that grows as the text does.
_prodiguer_quote_at_once() {
    _prodiguer_quoted=$(_prodiguer_line "$1" | LC_ALL=C awk '
        BEGIN {
            for (i = 1; i < 32; i++) escape[sprintf("%c", i)] = sprintf("\\u%04x", i)
            escape["\t"] = "\\t"; escape["\""] = "\\\""; escape["\\"] = "\\\\"
        }
        {
            size = length($0)
            for (i = 1; i <= size; i++) {
                c = substr($0, i, 1)
                printf("%s", (c in escape) ? escape[c] : c)
            }
            printf("\\n")
        }')
    _prodiguer_quoted=${_prodiguer_quoted%\\n}
}

if [ -n "${KSH_VERSION-}" ]; then
    _prodiguer_line() { print -r -- "$1"; } # mksh has no printf of its own
else
    _prodiguer_line() { printf '%s\n' "$1"; }
fi

# The spool, and in it the batch that this process alone writes: subshells have their own.
_prodiguer_batch() {
    [ -n "${PRODIGUER_SPOOL-}${XDG_STATE_HOME-}${HOME-}" ] || return 1
    _prodiguer_spool=${PRODIGUER_SPOOL:-${XDG_STATE_HOME:-${HOME-}/.local/state}/prodiguer/spool}
    IFS=' ' read -r _prodiguer_pid _prodiguer_rest </proc/self/stat
    [ -z "$_prodiguer_open" ] || [ "$_prodiguer_pid" != "$_prodiguer_owner" ] || return 0
    [ -d "$_prodiguer_spool" ] || (umask 077 && mkdir -p "$_prodiguer_spool") || return 1
    _prodiguer_owner=$_prodiguer_pid
    _prodiguer_open=$_prodiguer_spool/.open@$_prodiguer_host@$_prodiguer_pid@${_prodiguer_uid%%-*}
}

# Seal this process's batch by renaming it, and have sent what waits.
_prodiguer_send() {
    [ -z "$_prodiguer_clock" ] || _prodiguer_flushed=${_prodiguer_clock%?????????}
    _prodiguer_uuid
    _prodiguer_mine=$_prodiguer_open
    _prodiguer_batch || return 0
    if [ "$_prodiguer_mine" = "$_prodiguer_open" ] && [ -f "$_prodiguer_open" ]; then
        mv "$_prodiguer_open" "$_prodiguer_spool/0$_prodiguer_clock-$_prodiguer_uid.jsonl"
    fi
    _prodiguer_open=
    [ -n "${PRODIGUER_SMTP-}${PRODIGUER_URL-}${PRODIGUER_SENDMAIL-}" ] || return 0
    # The child of a child: the job's own `wait` does not wait for it.
    (
        _prodiguer_carry &
        [ "${1-}" != wait ] || wait
    )
}

# --- in the background ------------------------------------------------------------------------

# What waits is sent by Python, which knows every way; where there is none, by curl or sendmail.
_prodiguer_carry() {
    trap '' HUP
    set +euf
    unset IFS
    _prodiguer_let_go
    PRODIGUER_SPOOL=$_prodiguer_spool
    export PRODIGUER_SPOOL PRODIGUER_SMTP PRODIGUER_URL PRODIGUER_TOKEN PRODIGUER_TOKEN_FILE \
        PRODIGUER_MAIL_FROM PRODIGUER_MAIL_TO PRODIGUER_SENDMAIL
    _prodiguer_python=${PRODIGUER_PYTHON:-python3}
    if [ -n "${PRODIGUER_SMTP-}${PRODIGUER_URL-}" ] && [ -f "$_prodiguer_home/prodiguer_client.pyz" ] &&
        "$_prodiguer_python" -I -c 'import sys; sys.exit(sys.version_info < (3, 8))'; then
        exec "$_prodiguer_python" -I "$_prodiguer_home/prodiguer_client.pyz" flush
    fi
    if [ -f "$_prodiguer_home/prodiguer.ksh" ]; then
        exec /bin/sh -c '. "$0" && _prodiguer_by_hand' "$_prodiguer_home/prodiguer.ksh"
    fi
    _prodiguer_by_hand
}

# Whoever reads a pipe of the job, or waits for a lock of it, must not wait for us. What the shell
# itself keeps open besides, such as the job's output, ends with its memory: at the next `exec`.
_prodiguer_let_go() {
    for _prodiguer_file in /proc/self/fd/*; do
        case ${_prodiguer_file##*/} in
            [012]) ;;
            [3-9]) eval "exec ${_prodiguer_file##*/}>&-" ;;
            *) [ -z "${BASH_VERSION-}" ] || eval "exec ${_prodiguer_file##*/}>&-" ;;
        esac
    done
}

# Batches of what processes of this machine that are gone were writing or sending.
_prodiguer_adopt() {
    for _prodiguer_file in "$_prodiguer_spool"/.open@"$_prodiguer_host"@* \
        "$_prodiguer_spool"/.sending@"$_prodiguer_host"@*; do
        _prodiguer_name=${_prodiguer_file##*/}
        _prodiguer_pid=${_prodiguer_name#*@*@}
        [ -f "$_prodiguer_file" ] && [ ! -d "/proc/${_prodiguer_pid%%@*}" ] || continue
        case $_prodiguer_name in
            .sending@*) _prodiguer_name=${_prodiguer_name#*@*@*@} ;;
            *) _prodiguer_name=0$(date +%s%N)-${_prodiguer_name##*@}.jsonl ;;
        esac
        mv "$_prodiguer_file" "$_prodiguer_spool/$_prodiguer_name"
    done
}

_prodiguer_by_hand() {
    _prodiguer_spool=$PRODIGUER_SPOOL
    _prodiguer_adopt
    IFS=' ' read -r _prodiguer_pid _prodiguer_rest </proc/self/stat
    for _prodiguer_file in "$_prodiguer_spool"/*.jsonl; do
        # A link may lead to what is nobody's business, and a named pipe to no end.
        [ -f "$_prodiguer_file" ] && [ ! -L "$_prodiguer_file" ] || continue
        _prodiguer_mine=$_prodiguer_spool/.sending@$_prodiguer_host@$_prodiguer_pid@${_prodiguer_file##*/}
        mv "$_prodiguer_file" "$_prodiguer_mine" || continue # another process sends it
        if _prodiguer_pass "$_prodiguer_mine"; then
            rm -f "$_prodiguer_mine"
        else
            mv "$_prodiguer_mine" "$_prodiguer_file"
        fi
    done
}

_prodiguer_pass() {
    if [ -n "${PRODIGUER_SENDMAIL-}" ]; then
        _prodiguer_mail "$1" | sh -c "$PRODIGUER_SENDMAIL"
    elif [ -n "${PRODIGUER_SMTP-}" ]; then
        _prodiguer_mail "$1" | curl -sf -m 120 --crlf -T - \
            --mail-from "${PRODIGUER_MAIL_FROM:-prodiguer@localhost}" \
            --mail-rcpt "${PRODIGUER_MAIL_TO:-prodiguer@localhost}" "smtp://$PRODIGUER_SMTP"
    else
        # The token goes through a pipe: arguments can be read by everybody on the machine.
        _prodiguer_token=${PRODIGUER_TOKEN-}
        [ -z "${PRODIGUER_TOKEN_FILE-}" ] || IFS= read -r _prodiguer_token <"$PRODIGUER_TOKEN_FILE"
        _prodiguer_line "${_prodiguer_token:+header = \"Authorization: Bearer $_prodiguer_token\"}" |
            curl -sf -m 120 -K - -H 'Content-Type: application/x-ndjson' --data-binary "@$1" \
                "${PRODIGUER_URL%/}/api/v1/messages"
    fi
}

# A batch as a mail; a torn end, which lacks its line feed, is not read.
_prodiguer_mail() {
    _prodiguer_line "From: ${PRODIGUER_MAIL_FROM:-prodiguer@localhost}
To: ${PRODIGUER_MAIL_TO:-prodiguer@localhost}
Subject: [prodiguer]
Date: $(date -R)
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: base64
"
    while IFS= read -r _prodiguer_message; do
        _prodiguer_line "$_prodiguer_message" | base64 -w 0
        echo
    done <"$1" | base64
}
