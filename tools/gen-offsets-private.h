/* Structures that no header of CPython declares: mirrored from the .c files named, as far as the tables need them.
   Compiled after CPython's own headers; everything here is a fact about layout. */
#ifndef TIMESINK_PRIVATE_STRUCTS_H
#define TIMESINK_PRIVATE_STRUCTS_H

#if PY_VERSION_HEX < 0x030b0000
/* Objects/dict-common.h */
typedef struct { Py_hash_t me_hash; PyObject *me_key; PyObject *me_value; } PyDictKeyEntry;
struct _dictkeysobject {
    Py_ssize_t dk_refcnt;
    Py_ssize_t dk_size;
    void *dk_lookup;
    Py_ssize_t dk_usable;
    Py_ssize_t dk_nentries;
    char dk_indices[];
};
typedef struct _dictkeysobject PyDictKeysObject;
#endif

#if PY_VERSION_HEX < 0x030a0000
/* Objects/moduleobject.c; in pycore_moduleobject.h since 3.10 */
typedef struct {
    PyObject_HEAD
    PyObject *md_dict;
    struct PyModuleDef *md_def;
    void *md_state;
    PyObject *md_weaklist;
    PyObject *md_name;
} PyModuleObject;
#endif

/* Objects/genobject.c */
typedef struct { PyObject_HEAD PyObject *cw_coroutine; } PyCoroWrapper;
typedef struct { PyObject_HEAD PyObject *ags_gen; } PyAsyncGenASend;
typedef struct { PyObject_HEAD PyObject *agt_gen; } PyAsyncGenAThrow;

/* Python/hamt.c; the first is in pycore_hamt.h since 3.12 */
#if PY_VERSION_HEX < 0x030c0000
typedef struct { PyObject_VAR_HEAD uint32_t b_bitmap; PyObject *b_array[1]; } PyHamtNode_Bitmap;
#endif
typedef struct { PyObject_HEAD void *a_array[32]; Py_ssize_t a_count; } PyHamtNode_Array;
typedef struct { PyObject_VAR_HEAD int32_t c_hash; PyObject *c_array[1]; } PyHamtNode_Collision;

/* Modules/_asynciomodule.c */
typedef struct { PyObject_HEAD void *future; } futureiterobject;

#if PY_VERSION_HEX < 0x030c0000
typedef struct { PyObject_HEAD PyObject *rl_loop; pid_t rl_pid; } PyRunningLoopHolder;
#endif

#if PY_VERSION_HEX < 0x030a0000
#  define EXCEPTION_TRACEBACK(p)
#else
#  define EXCEPTION_TRACEBACK(p) PyObject *p##_exception_tb;
#endif
#if PY_VERSION_HEX < 0x03090000
#  define CANCEL_MESSAGE(p)
#  define CANCELLED_EXCEPTION(p)
#elif PY_VERSION_HEX < 0x030b0000
#  define CANCEL_MESSAGE(p) PyObject *p##_cancel_msg;
#  define CANCELLED_EXCEPTION(p) _PyErr_StackItem p##_cancelled_exc_state;
#else
#  define CANCEL_MESSAGE(p) PyObject *p##_cancel_msg;
#  define CANCELLED_EXCEPTION(p) PyObject *p##_cancelled_exc;
#endif

#if PY_VERSION_HEX < 0x030d0000
#  define FUTURE_TAIL(p)                                                       \
    int p##_state; int p##_log_tb; int p##_blocking;                           \
    PyObject *dict; PyObject *p##_weakreflist; CANCELLED_EXCEPTION(p)
#elif PY_VERSION_HEX < 0x030e0000
#  define FUTURE_TAIL(p)                                                       \
    CANCELLED_EXCEPTION(p) int p##_state;                                      \
    unsigned p##_log_tb: 1; unsigned p##_blocking: 1;
#else
#  define FUTURE_TAIL(p)                                                       \
    CANCELLED_EXCEPTION(p) PyObject *p##_awaited_by; int p##_state;            \
    char p##_is_task; char p##_awaited_by_is_set;                              \
    unsigned p##_log_tb: 1; unsigned p##_blocking: 1;
#endif

#define FUTURE_HEAD(p)                                                         \
    PyObject_HEAD                                                              \
    PyObject *p##_loop; PyObject *p##_callback0; PyObject *p##_context0;       \
    PyObject *p##_callbacks; PyObject *p##_exception; EXCEPTION_TRACEBACK(p)   \
    PyObject *p##_result; PyObject *p##_source_tb; CANCEL_MESSAGE(p) FUTURE_TAIL(p)

typedef struct { FUTURE_HEAD(fut) } FutureObj;

typedef struct {
    FUTURE_HEAD(task)
#if PY_VERSION_HEX >= 0x030d0000
    unsigned task_must_cancel: 1;
    unsigned task_log_destroy_pending: 1;
    int task_num_cancels_requested;
#endif
    PyObject *task_fut_waiter;
    PyObject *task_coro;
    PyObject *task_name;
    PyObject *task_context;
#if PY_VERSION_HEX < 0x030d0000
    int task_must_cancel;
    int task_log_destroy_pending;
#endif
#if PY_VERSION_HEX >= 0x030b0000 && PY_VERSION_HEX < 0x030d0000
    int task_num_cancels_requested;
#endif
#if PY_VERSION_HEX >= 0x030e0000
    struct llist_node task_node;
#  ifdef Py_GIL_DISABLED
    uintptr_t task_tid;
#  endif
#endif
} TaskObj;

#endif
