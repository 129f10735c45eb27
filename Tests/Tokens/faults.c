// A PKCS#11 module that stands in front of another one and does on command what tokens do on bad days.
//
// Built by the tests: cc -shared -fPIC -DMODULE='"/usr/lib/softhsm/libsofthsm2.so"' faults.c. Whoever loads it finds
// `faults` with dlsym, says what is to go wrong, and reads what was counted.
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include <p11-kit-1/p11-kit/pkcs11.h>

struct faults {
    // What is to go wrong: none of it while these are 0.
    unsigned long token_flags;          // set in CK_TOKEN_INFO besides the real ones
    unsigned long session_limit;        // ulMaxSessionCount; more are refused
    unsigned long is_limit_told;        // 0: the token does not tell its limit
    unsigned long largest_call;         // more bytes in C_Encrypt are refused
    unsigned long encryptions_to_live;  // after so many, the device is gone
    unsigned long creation_that_fails;  // this C_CreateObject, counted from 1
    unsigned long attribute_unknown;    // C_CreateObject refuses this attribute
    unsigned long key_type_unknown;     // C_CreateObject refuses this CKA_KEY_TYPE
    unsigned long hidden_mechanism;     // not in the list
    unsigned long is_value_damaged;     // C_CreateObject gets another key than it was given
    unsigned long login_result;         // what C_Login gives, and does nothing
    unsigned long information_result;   // what C_GetTokenInfo gives
    unsigned long session_result;       // what C_OpenSession gives
    unsigned long encryption_result;    // what C_Encrypt gives
    unsigned long unknown_mechanism;    // in the list, but C_GetMechanismInfo knows nothing of it
    // What was counted.
    unsigned long logins, sessions, most_sessions, encryptions, creations, is_gone;
};

struct faults faults;

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST list;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *information) {
    if (faults.information_result) return faults.information_result;
    CK_RV result = real->C_GetTokenInfo(slot, information);
    information->flags |= faults.token_flags;
    if (faults.session_limit && faults.is_limit_told) information->ulMaxSessionCount = faults.session_limit;
    return result;
}

static CK_RV get_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE *types, CK_ULONG *count) {
    CK_RV result = real->C_GetMechanismList(slot, types, count);
    for (CK_ULONG index = 0; types && result == CKR_OK && index < *count; index++)
        if (types[index] == faults.hidden_mechanism) types[index] = CKM_VENDOR_DEFINED;
    return result;
}

static CK_RV get_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *information) {
    if (faults.unknown_mechanism && type == faults.unknown_mechanism) return CKR_MECHANISM_INVALID;
    return real->C_GetMechanismInfo(slot, type, information);
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session) {
    pthread_mutex_lock(&mutex);
    CK_RV result = faults.session_result ? faults.session_result
                   : faults.session_limit && faults.sessions >= faults.session_limit
                       ? CKR_SESSION_COUNT
                       : real->C_OpenSession(slot, flags, application, notify, session);
    if (result == CKR_OK && ++faults.sessions > faults.most_sessions) faults.most_sessions = faults.sessions;
    pthread_mutex_unlock(&mutex);
    return result;
}

static CK_RV close_session(CK_SESSION_HANDLE session) {
    pthread_mutex_lock(&mutex);
    faults.sessions--;
    pthread_mutex_unlock(&mutex);
    return real->C_CloseSession(session);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG count) {
    pthread_mutex_lock(&mutex);
    faults.logins++;
    pthread_mutex_unlock(&mutex);
    if (faults.login_result) return faults.login_result;
    return real->C_Login(session, user, pin, count);
}

static CK_RV encrypt(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG count, unsigned char *encrypted,
                     CK_ULONG *written) {
    pthread_mutex_lock(&mutex);
    unsigned long number = ++faults.encryptions;
    if (faults.encryptions_to_live && number > faults.encryptions_to_live) faults.is_gone = 1;
    unsigned long gone = faults.is_gone;
    pthread_mutex_unlock(&mutex);
    if (gone) return CKR_DEVICE_REMOVED;
    if (faults.encryption_result) return faults.encryption_result;
    if (faults.largest_call && count > faults.largest_call) {
        // Ends the operation of the real token, as the refusal of a call does.
        unsigned char block[16] = {0};
        CK_ULONG length = sizeof block;
        real->C_Encrypt(session, block, sizeof block, block, &length);
        return CKR_DATA_LEN_RANGE;
    }
    return real->C_Encrypt(session, data, count, encrypted, written);
}

static CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE *attributes, CK_ULONG count,
                           CK_OBJECT_HANDLE *object) {
    pthread_mutex_lock(&mutex);
    unsigned long number = ++faults.creations;
    pthread_mutex_unlock(&mutex);
    for (CK_ULONG index = 0; index < count; index++) {
        if (faults.attribute_unknown && attributes[index].type == faults.attribute_unknown)
            return CKR_ATTRIBUTE_TYPE_INVALID;
        if (faults.key_type_unknown && attributes[index].type == CKA_KEY_TYPE &&
            *(CK_ULONG *)attributes[index].pValue == faults.key_type_unknown)
            return CKR_ATTRIBUTE_VALUE_INVALID;
    }
    if (number == faults.creation_that_fails) return CKR_DEVICE_MEMORY;
    unsigned char damaged[64];
    CK_ATTRIBUTE copies[32];
    if (!faults.is_value_damaged || count > 32) return real->C_CreateObject(session, attributes, count, object);
    memcpy(copies, attributes, count * sizeof *copies);
    for (CK_ULONG index = 0; index < count; index++)
        if (copies[index].type == CKA_VALUE && copies[index].ulValueLen <= sizeof damaged) {
            memcpy(damaged, copies[index].pValue, copies[index].ulValueLen);
            damaged[0] ^= 0x10;
            copies[index].pValue = damaged;
        }
    return real->C_CreateObject(session, copies, count, object);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **functions) {
    void *module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = module ? (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList") : 0;
    if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
    memcpy(&list, real, sizeof list);
    list.C_GetTokenInfo = get_token_info;
    list.C_GetMechanismList = get_mechanism_list;
    list.C_GetMechanismInfo = get_mechanism_info;
    list.C_OpenSession = open_session;
    list.C_CloseSession = close_session;
    list.C_Login = login;
    list.C_Encrypt = encrypt;
    list.C_CreateObject = create_object;
    *functions = &list;
    return CKR_OK;
}
